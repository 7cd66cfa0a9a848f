"""Writes a handler from a method: the body line by line, without self (LibCST), below ``@bridge.event``."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from codemods.python.server.handler_plan import Handler, Route
from codemods.python.server.requests import PLAIN, SILENT

_LONGEST = 88
_DROPPED = cst.Pass()
"""Marks a line that goes; LibCST itself would take its comments with it."""
_EQUAL = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def write(method: cst.FunctionDef, plan: Handler, module: cst.Module, indent: str) -> cst.FunctionDef:
    """Return the handler as a statement of the module, but for its ``decorator``; ``indent`` is the method's."""
    if isinstance(method.body, cst.SimpleStatementSuite):
        line = cst.SimpleStatementLine(method.body.body, trailing_whitespace=method.body.trailing_whitespace)
        method = method.with_changes(body=cst.IndentedBlock([line]))
    has_changes = plan.body is not None or plan.own_self is not None
    changed = method.visit(_Body(plan)) if has_changes else method
    assert isinstance(changed, cst.FunctionDef)
    parameters = _parameters(method.params, plan)
    has_parameters = parameters.params or parameters.kwonly_params or parameters.star_kwarg
    return changed.with_changes(
        name=cst.Name(plan.name),
        params=parameters,
        whitespace_before_params=method.whitespace_before_params if has_parameters else cst.SimpleWhitespace(""),
        leading_lines=_comments_above(method),
        lines_after_decorators=method.lines_after_decorators,
        body=_tidy(changed.body, plan, indent),
    )


# ---- head -------------------------------------------------------------------------------------


def decorator(plan: Handler, route: Route, module: cst.Module) -> str:
    """Return the line, or lines, that make a function the handler of a route."""
    event, verb, rule = (_quoted(text, plan.quote) for text in (route.event, route.method, route.rule))
    arguments = [event, f"replaces=({verb}, {rule})"]
    if plan.hides_parameters:
        arguments.append("takes_data=False")
    line = f"{plan.bridge}.event({', '.join(arguments)})"
    if len(line) >= _LONGEST:
        line = _folded(plan.bridge, arguments, module)
    return f"@{line}"


def _quoted(text: str, quote: str) -> str:
    is_plain = quote not in text and "\\" not in text and text.isprintable()
    return quote + text + quote if is_plain else repr(text)


def _folded(bridge: str, arguments: list[str], module: cst.Module) -> str:
    """Put the arguments on lines of their own, as black does."""
    indent, end = module.default_indent, module.default_newline
    inner = f"{indent}{', '.join(arguments)}"
    if len(inner) > _LONGEST:
        inner = end.join(f"{indent}{_wrapped(one, indent, end)}," for one in arguments)
    return f"{bridge}.event({end}{inner}{end})"


def _wrapped(argument: str, indent: str, end: str) -> str:
    """Put the parts of ``replaces=(...)`` on lines of their own too, if they need it."""
    if len(indent) + len(argument) < _LONGEST or not argument.startswith("replaces=("):
        return argument
    method, rule = argument.removeprefix("replaces=(").removesuffix(")").split(", ", 1)
    return f"replaces=({end}{indent * 2}{method},{end}{indent * 2}{rule},{end}{indent})"


def _parameters(given: cst.Parameters, plan: Handler) -> cst.Parameters:
    """Take self away and give the body its place.

    A body goes first, one with a default behind what must be given. Without a body, the first parameter that not
    every route gives would be taken for one, so from there on they go by name only.
    """
    positional = [*given.posonly_params, *given.params][1:]
    by_name: list[cst.Param] = []
    if plan.body is not None:
        count = len([one for one in positional if one.default is None]) if plan.body.is_optional else 0
        default = cst.Name("None") if plan.body.is_optional else None
        positional[count:count] = [
            cst.Param(cst.Name(plan.body.name), default=default, equal=_EQUAL if default else cst.MaybeSentinel.DEFAULT)
        ]
    else:
        count = next((n for n, one in enumerate(positional) if one.name.value in plan.optional), len(positional))
        positional, by_name = positional[:count], positional[count:]
    by_name += given.kwonly_params
    return given.with_changes(
        params=_with_commas(positional),
        posonly_params=[],
        posonly_ind=cst.MaybeSentinel.DEFAULT,
        kwonly_params=by_name,
        star_arg=cst.ParamStar() if by_name else cst.MaybeSentinel.DEFAULT,
    )


def _with_commas(params: list[cst.Param]) -> list[cst.Param]:
    """Leave the comma behind the last parameter to what follows, unless a line ends with it."""
    if not params or not isinstance(params[-1].comma, cst.Comma):
        return params
    is_at_line_end = isinstance(params[-1].comma.whitespace_after, cst.ParenthesizedWhitespace)
    return params if is_at_line_end else [*params[:-1], params[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)]


def _comments_above(method: cst.FunctionDef) -> list[cst.EmptyLine]:
    """Return the comments that stand directly above a method."""
    found: list[cst.EmptyLine] = []
    for line in reversed(method.leading_lines):
        if line.comment is None:
            break
        found.insert(0, line)
    return found


# ---- body -------------------------------------------------------------------------------------


class _Body(cst.CSTTransformer):
    """Puts the body's name in the place of its reads, and the class or an instance in that of self."""

    def __init__(self, plan: Handler) -> None:
        super().__init__()
        self.plan = plan
        self.is_dropped = False
        self.body = plan.body

    def leave_IndentedBlock(  # noqa: N802 - LibCST's name
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.BaseSuite:
        return _filled(updated_node)

    def leave_Attribute(  # noqa: N802 - LibCST's name
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        return self._attribute(updated_node)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:  # noqa: N802
        return self._name(updated_node) if self._is_read(updated_node) else updated_node

    # -- the read that gives the parameter its name --

    def visit_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> bool:  # noqa: N802 - LibCST's name
        return not self._is_drop(node)

    def leave_SimpleStatementLine(  # noqa: N802 - LibCST's name
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.BaseStatement]:
        if not self._is_drop(original_node):
            return updated_node
        self.is_dropped = True
        kept = [one for one in original_node.body if not self._is_naming(one)]
        return updated_node.with_changes(body=kept or [_DROPPED])

    def _is_drop(self, node: cst.SimpleStatementLine) -> bool:
        wanted = self.body is not None and self.body.is_dropped and not self.is_dropped
        return wanted and any(self._is_naming(one) for one in node.body)

    def _is_naming(self, node: cst.BaseSmallStatement) -> bool:
        if not isinstance(node, cst.Assign) or len(node.targets) != 1:
            return False
        target = node.targets[0].target
        assert self.body is not None
        return isinstance(target, cst.Name) and target.value == self.body.name and self._kind(node.value) != ""

    # -- reads and self --

    def _attribute(self, node: cst.Attribute) -> cst.BaseExpression:
        if self._is_read(node):
            return self._name(node)
        own = self.plan.own_self
        if own is None or not isinstance(node.value, cst.Name) or node.value.value != own.name:
            return node
        if node.attr.value in own.on_class:
            return node.with_changes(value=cst.Name(own.cls))
        return node.with_changes(value=cst.Name(own.variable) if own.variable else cst.Call(cst.Name(own.cls)))

    def _name(self, node: cst.BaseExpression) -> cst.BaseExpression:
        assert self.body is not None
        return cst.Name(self.body.name, lpar=node.lpar, rpar=node.rpar)

    def _is_read(self, node: cst.BaseExpression) -> bool:
        if self.body is None or (self.body.is_dropped and self.body.is_first_only):
            return False
        return self._kind(node) in self.body.kinds

    def _kind(self, node: cst.BaseExpression) -> str:
        """Tell reads apart as ``requests.read_kind`` does."""
        if isinstance(node, cst.Attribute) and node.attr.value == "json":
            return PLAIN if self._is_request(node.value) else ""
        if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
            return ""
        if node.func.attr.value != "get_json" or not self._is_request(node.func.value):
            return ""
        if not node.args:
            return PLAIN
        only = node.args[0]
        is_silent = len(node.args) == 1 and only.keyword is not None and only.keyword.value == "silent"
        return SILENT if is_silent and isinstance(only.value, cst.Name) and only.value.value == "True" else ""

    def _is_request(self, node: cst.BaseExpression) -> bool:
        if not isinstance(node, cst.Name | cst.Attribute):
            return False
        return cst.Module([]).code_for_node(node.with_changes(lpar=[], rpar=[])) in self.plan.requests


def _filled(suite: cst.IndentedBlock) -> cst.IndentedBlock:
    """Take lines away that were left empty; their comments go to the next line, or a pass stays."""
    kept: list[cst.BaseStatement] = []
    carried: list[cst.EmptyLine] = []
    for line in suite.body:
        if isinstance(line, cst.SimpleStatementLine) and line.body[0] is _DROPPED:
            comment = line.trailing_whitespace.comment
            carried += [*line.leading_lines, *([cst.EmptyLine(comment=comment)] if comment is not None else [])]
        else:
            kept.append(_led(line, carried))
            carried = []
    if len(kept) == len(suite.body):
        return suite
    if not kept:
        kept, carried = [_led(cst.SimpleStatementLine([cst.Pass()]), carried)], []
    return suite.with_changes(body=kept, footer=[*carried, *suite.footer])


def _led(line: cst.BaseStatement, above: list[cst.EmptyLine]) -> cst.BaseStatement:
    lines = [*above, *line.leading_lines]  # type: ignore[attr-defined]
    return line.with_changes(leading_lines=lines) if above else line


def _tidy(body: cst.BaseSuite, plan: Handler, indent: str) -> cst.BaseSuite:
    """Begin with the docstring, then the instance if one is needed; no blank lines at either end."""
    if not isinstance(body, cst.IndentedBlock):
        return body
    lines = list(body.body)
    first = 1 if _is_docstring(lines[0]) else 0
    if first:
        lines[0] = _dedented(lines[0], indent)
    if not plan.own_self or not plan.own_self.variable:
        if first < len(lines):
            lines[first] = _without_blanks(lines[first]) if not first else lines[first]
    else:
        instance = cst.parse_statement(f"{plan.own_self.variable} = {plan.own_self.cls}()")
        lines[first:first] = [instance]
    return body.with_changes(body=lines, footer=_without_last_blanks(body.footer))


def _is_docstring(line: cst.BaseStatement) -> bool:
    return (
        isinstance(line, cst.SimpleStatementLine)
        and isinstance(line.body[0], cst.Expr)
        and isinstance(line.body[0].value, cst.SimpleString | cst.ConcatenatedString)
    )


def _dedented(line: cst.BaseStatement, indent: str) -> cst.BaseStatement:
    """Move the lines of a docstring to the left with the code around them."""
    assert isinstance(line, cst.SimpleStatementLine)
    expression = cst.ensure_type(line.body[0], cst.Expr)
    text = expression.value
    if not isinstance(text, cst.SimpleString) or not indent:
        return line
    first, *others = text.value.splitlines(keepends=True)
    if not all(one.startswith(indent) or not one.strip() for one in others):
        return line
    moved = first + "".join(one.removeprefix(indent) for one in others)
    return line.with_changes(body=[expression.with_changes(value=text.with_changes(value=moved)), *line.body[1:]])


def _without_blanks(line: cst.BaseStatement) -> cst.BaseStatement:
    """Take the blank lines above a first statement away."""
    lines = list(line.leading_lines)  # type: ignore[attr-defined]
    count = next((n for n, one in enumerate(lines) if one.comment is not None), len(lines))
    return line.with_changes(leading_lines=lines[count:]) if count else line


def _without_last_blanks(lines: Sequence[cst.EmptyLine]) -> list[cst.EmptyLine]:
    kept = list(lines)
    while kept and kept[-1].comment is None:
        kept.pop()
    return kept
