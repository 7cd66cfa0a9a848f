"""Takes imports away that nothing uses any more (LibCST).

Only import statements of the module's own level are touched; what stands in a ``try`` or an ``if`` says something
about when it is imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

import libcst as cst

from codemods.python.import_statements import replaced


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
        return replaced(module, index, line.with_changes(body=kept))
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
