"""Adds a name to a file's imports and takes unused ones away, in the file's own style (LibCST).

Only import statements of the module's own level are touched; what stands in a ``try`` or an ``if`` says something
about when it is imported.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Sequence

import libcst as cst

_LONGEST = 88
"""Columns after which a list of names is put in parentheses, as black does."""

Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement
_FUTURE, _STANDARD, _OTHERS, _OWN, _RELATIVE = range(5)


# ---- adding -----------------------------------------------------------------------------------


def add_import(
    module: cst.Module,
    source: str,
    name: str,
    *,
    is_own: Callable[[str], bool] = lambda _: False,
    before: int | None = None,
) -> cst.Module:
    """Return a module with ``from source import name``; ``source`` may be relative.

    The name joins an import of the same source if there is one above the statement number ``before``, else a line
    is put among the imports of its kind, sorted if they are. ``is_own`` tells the project's modules from others.
    """
    end = len(module.body) if before is None else before
    found = [(index, one) for index, one in enumerate(module.body[:end]) if _imports(one)]
    for index, line in found:
        node = _only(line)
        if isinstance(node, cst.ImportFrom) and _source(node) == source and not isinstance(node.names, cst.ImportStar):
            return _replaced(module, index, _with_name(module, line, node, node.names, name))
    return _with_line(module, found, source, name, is_own)


def _with_name(
    module: cst.Module, line: Statement, node: cst.ImportFrom, names: Sequence[cst.ImportAlias], name: str
) -> Statement:
    if any(one.evaluated_name == name and one.asname is None for one in names):
        return line
    node = node.with_changes(names=_inserted(names, name))
    if node.lpar is None and len(module.code_for_node(node)) > _LONGEST >= len(_old(module, line)):
        node = _wrapped(module, node)
    assert isinstance(line, cst.SimpleStatementLine)
    return line.with_changes(body=[node.with_changes(semicolon=line.body[0].semicolon)])


def _old(module: cst.Module, line: Statement) -> str:
    return module.code_for_node(line).strip().splitlines()[-1]


def _inserted(names: Sequence[cst.ImportAlias], name: str) -> list[cst.ImportAlias]:
    """Put a name where the order of the others has it; at the end where they have none."""
    given = [one.evaluated_name for one in names]
    at = len(names)
    orders: tuple[Callable[[str], tuple[int, str]], ...] = (_by_type, lambda one: (0, one.lower()))
    for key in orders:
        if given == sorted(given, key=key):
            at = sum(key(one) <= key(name) for one in given)
            break
    new = cst.ImportAlias(cst.Name(name))
    result = [*names[:at], new, *names[at:]]
    if at < len(names):
        # The new name gets the comma and line end of the one before whose place it takes.
        model = names[at - 1].comma if at else names[0].comma
        result[at] = new.with_changes(comma=_between(model, names))
        return result
    last = names[-1]
    result[-1] = new.with_changes(comma=last.comma)
    result[-2] = last.with_changes(comma=_between(last.comma if len(names) == 1 else names[-2].comma, names))
    return result


def _by_type(name: str) -> tuple[int, str]:
    """The order that isort and ruff give names: constants, classes, then the rest."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name.lower()


def _between(model: cst.Comma | cst.MaybeSentinel, names: Sequence[cst.ImportAlias]) -> cst.Comma:
    """Return a comma like another one, without the comment that stands behind that."""
    if isinstance(model, cst.Comma):
        after = model.whitespace_after
        if isinstance(after, cst.ParenthesizedWhitespace):
            return cst.Comma(whitespace_after=_newline_only(after, names))
        return cst.Comma(whitespace_after=after if not after.empty else cst.SimpleWhitespace(" "))
    return cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def _newline_only(space: cst.ParenthesizedWhitespace, names: Sequence[cst.ImportAlias]) -> cst.ParenthesizedWhitespace:
    inner = [one.comma.whitespace_after for one in names if isinstance(one.comma, cst.Comma)]
    deepest = max((one for one in inner if isinstance(one, cst.ParenthesizedWhitespace)), key=_depth, default=space)
    return deepest.with_changes(
        first_line=space.first_line.with_changes(comment=None, whitespace=cst.SimpleWhitespace("")), empty_lines=[]
    )


def _depth(space: cst.ParenthesizedWhitespace) -> int:
    return len(space.last_line.value)


def _wrapped(module: cst.Module, node: cst.ImportFrom) -> cst.ImportFrom:
    """Put each name on a line of its own."""
    assert not isinstance(node.names, cst.ImportStar)
    line = cst.ParenthesizedWhitespace(last_line=cst.SimpleWhitespace(module.default_indent), indent=True)
    end = cst.ParenthesizedWhitespace(indent=True)
    names = [one.with_changes(comma=cst.Comma(whitespace_after=line)) for one in node.names]
    names[-1] = names[-1].with_changes(comma=cst.Comma(whitespace_after=end))
    return node.with_changes(lpar=cst.LeftParen(whitespace_after=line), names=names, rpar=cst.RightParen())


def _with_line(
    module: cst.Module,
    found: list[tuple[int, Statement]],
    source: str,
    name: str,
    is_own: Callable[[str], bool],
) -> cst.Module:
    new = cst.ensure_type(
        cst.parse_statement(f"from {source} import {name}", config=module.config_for_parsing), cst.SimpleStatementLine
    )
    kind = _kind(source, is_own)
    kinds = {index: _kind(_first_source(one), is_own) for index, one in found}
    same = [(index, one) for index, one in found if kinds[index] == kind]
    lower = [index for index, _ in found if kinds[index] < kind]
    if same:
        index = _place(same, source)
        if index == same[0][0]:
            first, new = _leading_moved(same[0][1], new)
            module = _replaced(module, index, first)
        return _put(module, index, new)
    if lower:
        is_apart = _is_apart(module, found, kinds)
        return _put(module, lower[-1] + 1, _after_blank(new) if is_apart else new)
    return _put(module, *_at_top(module, new, bool(found)))


def _place(same: list[tuple[int, Statement]], source: str) -> int:
    keys = [_order(_first_source(one), isinstance(_only(one), cst.ImportFrom)) for _, one in same]
    if keys != sorted(keys):
        return same[-1][0] + 1
    after = [index for (index, _), key in zip(same, keys, strict=True) if key <= _order(source, True)]
    return after[-1] + 1 if after else same[0][0]


def _order(source: str, is_from: bool) -> tuple[bool, str]:
    return is_from, source.lower()


def _leading_moved(first: Statement, new: cst.SimpleStatementLine) -> tuple[Statement, cst.SimpleStatementLine]:
    """Hand the blank lines above a group over to its new first line."""
    lines = list(first.leading_lines)
    count = next((n for n, one in enumerate(lines) if one.comment is not None), len(lines))
    return first.with_changes(leading_lines=lines[count:]), new.with_changes(leading_lines=lines[:count])


def _is_apart(module: cst.Module, found: list[tuple[int, Statement]], kinds: dict[int, int]) -> bool:
    """True where blank lines stand between imports of different kinds, or there is but one kind."""
    borders = [
        one
        for (above, _), (index, one) in zip(found, found[1:], strict=False)
        if kinds[above] != kinds[index] and index == above + 1
    ]
    return all(any(line.comment is None for line in one.leading_lines) for one in borders)


def _after_blank(new: cst.SimpleStatementLine) -> cst.SimpleStatementLine:
    return new.with_changes(leading_lines=[cst.EmptyLine(indent=False)])


def _at_top(module: cst.Module, new: cst.SimpleStatementLine, has_imports: bool) -> tuple[int, cst.SimpleStatementLine]:
    """Return the place below the module's docstring, and the line as it looks there."""
    if module.body and module.get_docstring() is not None:
        return 1, _after_blank(new)
    return 0, new


def _put(module: cst.Module, index: int, new: Statement) -> cst.Module:
    """Put a statement in; code that follows imports directly keeps a blank line from them."""
    body = list(module.body)
    if index < len(body) and not _imports(body[index]) and (index == 0 or not _imports(body[index - 1])):
        following = body[index]
        if not any(one.comment is None for one in following.leading_lines):
            body[index] = following.with_changes(leading_lines=[cst.EmptyLine(indent=False), *following.leading_lines])
    return module.with_changes(body=[*body[:index], new, *body[index:]])


# ---- taking away ------------------------------------------------------------------------------


def remove_unused_imports(module: cst.Module, names: Iterable[str]) -> cst.Module:
    """Return a module without the imports of those names that nothing in it uses any more.

    Names that are quoted somewhere (``__all__``, annotations) count as used, and so do those of a line with ``noqa``.
    """
    unused = set(names) - used_names(module.code)
    for index in reversed(range(len(module.body))):
        line = module.body[index]
        if unused and isinstance(line, cst.SimpleStatementLine) and not _is_kept(line):
            module = _without(module, index, line, unused)
    return module


def used_names(code: str | bytes) -> set[str]:
    """Return every name that a file reads, and every word of the texts in it."""
    used: set[str] = set()
    for one in ast.walk(ast.parse(code)):
        if isinstance(one, ast.Name):
            used.add(one.id)
        elif isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value.isidentifier():
            used.add(one.value)
        elif isinstance(one, ast.Constant) and isinstance(one.value, str) and len(one.value) < 200:
            used |= _quoted(one.value)
    return used


def _quoted(text: str) -> set[str]:
    """Return the names of an annotation in quotes."""
    try:
        return {one.id for one in ast.walk(ast.parse(text, mode="eval")) if isinstance(one, ast.Name)}
    except (SyntaxError, ValueError):
        return set()


def _is_kept(line: cst.SimpleStatementLine) -> bool:
    comment = line.trailing_whitespace.comment
    return comment is not None and "noqa" in comment.value.lower()


def _without(module: cst.Module, index: int, line: cst.SimpleStatementLine, unused: set[str]) -> cst.Module:
    small = [_thinned(one, unused) for one in line.body]
    if small == list(line.body):
        return module
    kept = [one for one in small if one is not None]
    if kept:
        kept[-1] = kept[-1].with_changes(semicolon=line.body[-1].semicolon)
        return _replaced(module, index, line.with_changes(body=kept))
    return _without_line(module, index, line)


def _thinned(node: cst.BaseSmallStatement, unused: set[str]) -> cst.BaseSmallStatement | None:
    if not isinstance(node, (cst.Import, cst.ImportFrom)) or isinstance(node.names, cst.ImportStar):
        return node
    kept = [one for one in node.names if _bound(one, node) not in unused]
    if len(kept) == len(node.names):
        return node
    if kept and kept[-1] is not node.names[-1]:
        kept[-1] = kept[-1].with_changes(comma=node.names[-1].comma)
    return node.with_changes(names=kept) if kept else None


def _bound(alias: cst.ImportAlias, node: cst.Import | cst.ImportFrom) -> str:
    name = alias.evaluated_alias or alias.evaluated_name
    return name.partition(".")[0] if isinstance(node, cst.Import) else name


def _without_line(module: cst.Module, index: int, line: cst.SimpleStatementLine) -> cst.Module:
    """Take a line away; its comments stay where they are."""
    comment = line.trailing_whitespace.comment
    kept = list(line.leading_lines) + ([cst.EmptyLine(comment=comment)] if comment is not None else [])
    body = list(module.body)
    del body[index]
    if index < len(body):
        body[index] = body[index].with_changes(leading_lines=[*kept, *body[index].leading_lines])
        return module.with_changes(body=body)
    return module.with_changes(body=body, footer=[*kept, *module.footer])


# ---- import statements ------------------------------------------------------------------------


def _imports(line: Statement) -> bool:
    return isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], (cst.Import, cst.ImportFrom))


def _only(line: Statement) -> cst.BaseSmallStatement | None:
    """Return the statement of a line that holds one."""
    return line.body[0] if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1 else None


def _first_source(line: Statement) -> str:
    assert isinstance(line, cst.SimpleStatementLine)
    node = line.body[0]
    if isinstance(node, cst.ImportFrom):
        return _source(node)
    assert isinstance(node, cst.Import)
    return node.names[0].evaluated_name


def _source(node: cst.ImportFrom) -> str:
    dotted = cst.Module([]).code_for_node(node.module) if node.module is not None else ""
    return "." * len(node.relative) + dotted


def _kind(source: str, is_own: Callable[[str], bool]) -> int:
    first = source.partition(".")[0]
    if source.startswith("."):
        return _RELATIVE
    if is_own(source):
        return _OWN
    return _FUTURE if first == "__future__" else _STANDARD if first in sys.stdlib_module_names else _OTHERS


def _replaced(module: cst.Module, index: int, line: Statement) -> cst.Module:
    return module.with_changes(body=[*module.body[:index], line, *module.body[index + 1 :]])
