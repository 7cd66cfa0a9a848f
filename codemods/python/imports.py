"""Adds a name to a file's imports, in the file's own style (LibCST).

Only import statements of the module's own level are touched; what stands in a ``try`` or an ``if`` says something
about when it is imported.
"""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from codemods.python.import_names import with_name
from codemods.python.import_order import Key, kind_of, order_of, place_among
from codemods.python.import_statements import Statement, first_source, is_import, only_of, replaced, source_of


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
    found = [(index, one) for index, one in enumerate(module.body[:end]) if is_import(one)]
    for index, line in found:
        node = only_of(line)
        if (
            isinstance(node, cst.ImportFrom)
            and source_of(node) == source
            and not isinstance(node.names, cst.ImportStar)
        ):
            return replaced(module, index, with_name(module, line, node, node.names, name))
    return _with_line(module, found, source, name, is_own)


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
    kind = kind_of(source, is_own)
    kinds = {index: kind_of(first_source(one), is_own) for index, one in found}
    same = [(index, one) for index, one in found if kinds[index] == kind]
    lower = [index for index, _ in found if kinds[index] < kind]
    if same:
        index = place_among([(n, _key(one)) for n, one in same], source)
        if index == same[0][0]:
            first, new = _leading_moved(same[0][1], new)
            module = replaced(module, index, first)
        return _put(module, index, new)
    if lower:
        is_apart = _is_apart(module, found, kinds)
        return _put(module, lower[-1] + 1, _after_blank(new) if is_apart else new)
    return _put(module, *_at_top(module, new, bool(found)))


def _key(line: Statement) -> Key:
    return order_of(first_source(line), isinstance(only_of(line), cst.ImportFrom))


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
    if index < len(body) and not is_import(body[index]) and (index == 0 or not is_import(body[index - 1])):
        following = body[index]
        if not any(one.comment is None for one in following.leading_lines):
            body[index] = following.with_changes(leading_lines=[cst.EmptyLine(indent=False), *following.leading_lines])
    return module.with_changes(body=[*body[:index], new, *body[index:]])
