"""Writes a handler from a method: the body line by line, without self, below ``@bridge.event``.

Text is changed where ``ast`` says that something stands. LibCST would do the same, and takes longer to load than a
small app to be rewritten.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from codemods.python.server.file_lines import FileLines
from codemods.python.server.handler_plan import Handler, Route
from codemods.python.server.method_text import MethodText
from codemods.python.server.parameters import write_parameters
from codemods.python.server.requests import read_kind

_LONGEST = 88
_DEF = re.compile(r"def\s+(\w+)\s*")
_BLANK_LINES = re.compile(r"(?:[ \t\f]*(?:\r\n|\r|\n))*")


def write(lines: FileLines, node: ast.FunctionDef, plan: Handler) -> str:
    """Return the handler, without blank lines around it."""
    return _Writing(lines, node, plan).handler()


class _Writing:
    def __init__(self, lines: FileLines, node: ast.FunctionDef, plan: Handler) -> None:
        self.lines = lines
        self.node = node
        self.plan = plan
        start, end = lines.extent(node)
        self.text = MethodText(lines.between(start, end), start + 1)
        self.indent = lines.indent(node.lineno)
        first = node.body[0].lineno
        self.step = lines.indent(first).removeprefix(self.indent) if first > node.lineno else self.indent

    def handler(self) -> str:
        top = self.text.start(lines_first(self.node))
        for route in self.plan.routes:
            self.text.replace(top, top, decorator(self.plan, route, self.step, self.lines.newline) + self.lines.newline)
        self._head()
        for one in self.node.body:
            self._statement(one)
        if self.plan.body is not None and self.plan.body.is_dropped:
            self._drop()
        return self.text.dedented(self.indent, self._docstring).rstrip("\r\n") + self.lines.newline

    @property
    def _docstring(self) -> ast.expr | None:
        first = self.node.body[0]
        is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant | ast.JoinedStr)
        if not is_text or not isinstance(first, ast.Expr):
            return None
        value = getattr(first.value, "value", "")
        return first.value if isinstance(value, str) else None

    # ---- head ---------------------------------------------------------------------------------

    def _head(self) -> None:
        found = _DEF.match(self.text.text, self.text.offset(self.node.lineno, self.node.col_offset))
        assert found is not None
        self.text.replace(*found.span(1), self.plan.name)
        opening = self.text.text.index("(", found.end())
        closing = write_parameters(self.text, self.node, opening, self.plan)
        first = self.text.span(self.node.body[0])[0]
        head = self.text.text[closing:first]
        if "\n" not in head and "\r" not in head:  # def get(self): return 1
            self.text.replace(closing + len(head.rstrip()), first, self.lines.newline + self.step)
            self._instance(first)
        elif self._docstring is None:
            self._body_start(closing, first)
        else:
            end = self.text.span(self.node.body[0])[1]
            self._instance(self._line_end(end))

    def _body_start(self, closing: int, first: int) -> None:
        """Put the instance in front of the body, whose first line has no blank ones above it."""
        annotation = self.node.returns
        colon = self.text.text.index(":", self.text.span(annotation)[1] if annotation is not None else closing)
        start = self._line_end(colon)
        if self.plan.own_self is not None and self.plan.own_self.variable:
            self._instance(start)
            return
        blank = _BLANK_LINES.match(self.text.text, start)
        if blank is not None and blank.end() > start:
            self.text.replace(start, blank.end(), "")

    def _instance(self, at: int) -> None:
        own = self.plan.own_self
        if own is not None and own.variable:
            self.text.replace(at, at, f"{self.step}{own.variable} = {own.cls}(){self.lines.newline}")

    def _line_end(self, at: int) -> int:
        """Return where the line behind a place starts."""
        end = re.compile(r"\r\n|\r|\n").search(self.text.text, at)
        return end.end() if end is not None else len(self.text.text)

    # ---- body ---------------------------------------------------------------------------------

    def _statement(self, node: ast.stmt) -> None:
        """Put the body's name in the place of its reads, and the class or an instance in that of self."""
        body, own = self.plan.body, self.plan.own_self
        wants_reads = body is not None and not (body.is_dropped and body.is_first_only)
        if not wants_reads and own is None:
            return
        for one, start, end in self.text.expressions(node):
            if body is not None and wants_reads and read_kind(one, self.plan.requests) in body.kinds:
                self.text.replace(start, end, body.name)
            elif own is not None and isinstance(one, ast.Attribute) and _is_name(one.value, own.name):
                self.text.replace(start, start + len(own.name), self._in_place_of_self(one.attr))

    def _in_place_of_self(self, attribute: str) -> str:
        own = self.plan.own_self
        assert own is not None
        return own.cls if attribute in own.on_class else own.variable or f"{own.cls}()"

    def _drop(self) -> None:
        """Take the statement away that reads the body into its name."""
        block, gone = next(self._naming(self.node))
        start, end = self.text.span(gone)
        line, line_end = self.text.start(gone.lineno), self._line_end(end)
        before, behind = self.text.text[line:start], self.text.text[end:line_end]
        if len(block) == 1:
            self.text.replace(start, end, "pass")
        elif behind.lstrip().startswith(";"):
            self.text.replace(start, end + len(behind) - len(behind.lstrip(" \t;")), "")
        elif before.strip():  # a = 1; data = request.get_json()
            self.text.replace(line + len(before.rstrip(" \t;")), end, "")
        elif behind.strip():  # a comment
            self.text.replace(start, end + len(behind) - len(behind.lstrip()), "")
        else:
            self._drop_lines(gone, line, line_end)

    def _drop_lines(self, gone: ast.stmt, line: int, end: int) -> None:
        is_first = gone is self.node.body[0]
        blank = _BLANK_LINES.match(self.text.text, end) if is_first else None
        is_bare = not self.plan.own_self or not self.plan.own_self.variable
        above = self.text.lines[gone.lineno - self.text.first - 1]
        is_below_comment = above.lstrip().startswith("#")
        stop = blank.end() if blank is not None and is_bare and not is_below_comment else end
        self.text.replace(line, stop, "")

    def _naming(self, node: ast.AST) -> Iterator[tuple[list[ast.stmt], ast.stmt]]:
        """Yield, in source order, blocks with the statement in them that reads the body into its name."""
        body = self.plan.body
        assert body is not None
        for block in (getattr(node, name, []) for name in ("body", "handlers", "orelse", "finalbody")):
            for one in block if isinstance(block, list) else []:
                is_naming = isinstance(one, ast.Assign) and _is_name(one.targets[0], body.name)
                if is_naming and len(one.targets) == 1 and read_kind(one.value, self.plan.requests):
                    yield block, one
                yield from self._naming(one)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def lines_first(node: ast.FunctionDef) -> int:
    """Return the line on which a method starts, its decorators included."""
    return min([node.lineno, *(one.lineno for one in node.decorator_list)])


# ---- decorators -------------------------------------------------------------------------------


def decorator(plan: Handler, route: Route, step: str, end: str) -> str:
    """Return the line, or lines, that make a function the handler of a route."""
    event, verb, rule = (_quoted(text, plan.quote) for text in (route.event, route.method, route.rule))
    arguments = [event, f"replaces=({verb}, {rule})"]
    if plan.hides_parameters:
        arguments.append("takes_data=False")
    line = f"{plan.bridge}.event({', '.join(arguments)})"
    if len(line) >= _LONGEST:
        line = _folded(plan.bridge, arguments, step, end)
    return f"@{line}"


def _quoted(text: str, quote: str) -> str:
    is_plain = quote not in text and "\\" not in text and text.isprintable()
    return quote + text + quote if is_plain else repr(text)


def _folded(bridge: str, arguments: list[str], step: str, end: str) -> str:
    """Put the arguments on lines of their own, as black does."""
    inner = f"{step}{', '.join(arguments)}"
    if len(inner) > _LONGEST:
        inner = end.join(f"{step}{_wrapped(one, step, end)}," for one in arguments)
    return f"{bridge}.event({end}{inner}{end})"


def _wrapped(argument: str, step: str, end: str) -> str:
    """Put the parts of ``replaces=(...)`` on lines of their own too, if they need it."""
    if len(step) + len(argument) < _LONGEST or not argument.startswith("replaces=("):
        return argument
    method, rule = argument.removeprefix("replaces=(").removesuffix(")").split(", ", 1)
    return f"replaces=({end}{step * 2}{method},{end}{step * 2}{rule},{end}{step})"
