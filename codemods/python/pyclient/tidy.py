"""Takes out local variables that only rewritten calls read: the URL that a function put together."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.python.source import Source
from codemods.results import Edit, apply

_PURE = (ast.Constant, ast.JoinedStr, ast.FormattedValue, ast.BinOp, ast.Add, ast.Mod, ast.Name, ast.Attribute)
_PURE_TOO = (ast.Tuple, ast.Subscript, ast.Load, ast.Call, ast.keyword, ast.Dict)
_METHODS = {"format", "rstrip", "strip", "dumps", "str", "quote", "urljoin"}
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def tidied(before: ast.Module, data: bytes) -> bytes:
    """Return a rewritten file without the assignments in functions that nothing reads any more."""
    source = Source("", data)
    gone = _reads(before) - _reads(source.tree)
    edits = [
        edit for node in ast.walk(source.tree) if isinstance(node, _Function) for edit in _edits(source, node, gone)
    ]
    return apply(data, sorted({(one.start, one.end): one for one in edits}.values(), key=lambda one: one.start))


def _reads(tree: ast.AST) -> set[tuple[str, str]]:
    """Return (function, name) for every name that a function of that name reads."""
    return {
        (function.name, node.id)
        for function in ast.walk(tree)
        if isinstance(function, _Function)
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def _edits(source: Source, function: _Function, gone: set[tuple[str, str]]) -> Iterator[Edit]:
    names = {name for owner, name in gone if owner == function.name}
    shared = {one for node in ast.walk(function) if isinstance(node, ast.Global | ast.Nonlocal) for one in node.names}
    for block in _blocks(function):
        found = [one for one in block if _name(one) in names - shared]
        if len(found) < len(block):
            for one in found:
                yield from _line(source, one)


def _blocks(function: _Function) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(function):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and not isinstance(node, ast.ClassDef):
                yield block


def _name(node: ast.stmt) -> str:
    """Return the one name that a statement gives a value to, where making the value has no other effect; else ""."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
        return ""
    parts = list(ast.walk(node.value))
    calls = [one.func for one in parts if isinstance(one, ast.Call)]
    known = all((one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "")) in _METHODS for one in calls)
    is_pure = all(isinstance(one, _PURE + _PURE_TOO) for one in parts)
    return node.targets[0].id if is_pure and known else ""


def _line(source: Source, node: ast.stmt) -> Iterator[Edit]:
    """Yield the removal of a statement that has its lines for itself; one with a comment behind it stays."""
    start, end = source.span(node)
    line_start = start - node.col_offset
    rest = source.data[end:].split(b"\n", 1)[0]
    if not source.data[line_start:start].strip() and not rest.strip():
        yield Edit(line_start, min(end + len(rest) + 1, len(source.data)), b"")
