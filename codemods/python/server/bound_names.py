"""Which names a piece of source binds and uses."""

from __future__ import annotations

import ast
import symtable
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_NAMED = FunctionNode | ast.ClassDef | ast.ExceptHandler | ast.MatchAs | ast.MatchStar


def walk(node: ast.AST) -> Iterable[ast.AST]:
    """Yield a node and all below it, as ``ast.walk`` does; those of a function or file are kept at hand."""
    return _kept(node) if isinstance(node, FunctionNode | ast.Module) else _walked(node)


@lru_cache(maxsize=256)
def _kept(node: ast.AST) -> list[ast.AST]:
    return _walked(node)


def _walked(node: ast.AST) -> list[ast.AST]:
    # What ast.walk does, without the two generators for each node that take most of its time.
    found = [node]
    for one in found:
        for name in one._fields:
            value = getattr(one, name, None)
            if isinstance(value, list):
                found += [inner for inner in value if isinstance(inner, ast.AST)]
            elif isinstance(value, ast.AST):
                found.append(value)
    return found


@lru_cache(maxsize=512)
def stores(node: ast.AST) -> Counter[str]:
    """Count how often each name is bound or deleted anywhere below a node, parameters and inner functions included."""
    return Counter(name for one in walk(node) for name in _bound(one, node))


def _bound(one: ast.AST, top: ast.AST) -> list[str]:
    """Return what a node binds itself; not so its own name where it is the one that was asked about."""
    if isinstance(one, ast.Name):
        return [] if isinstance(one.ctx, ast.Load) else [one.id]
    if isinstance(one, ast.Global | ast.Nonlocal):
        return one.names
    if isinstance(one, ast.alias):
        return [(one.asname or one.name).partition(".")[0]]
    if isinstance(one, ast.arg):
        return [one.arg]
    is_named = one is not top and isinstance(one, _NAMED)
    found = one.rest if isinstance(one, ast.MatchMapping) else getattr(one, "name", None) if is_named else None
    return [found] if found else []


def names(node: ast.AST) -> set[str]:
    """Return every name that stands anywhere below a node, bound or read."""
    return {one.id for one in walk(node) if isinstance(one, ast.Name)} | set(stores(node))


def dotted(node: ast.expr) -> str:
    """Return an expression's text; names with dots, which most are, without the pains of ``ast.unparse``."""
    names, inner = [], node
    while isinstance(inner, ast.Attribute):
        names.append(inner.attr)
        inner = inner.value
    return ".".join([inner.id, *reversed(names)]) if isinstance(inner, ast.Name) else ast.unparse(node)


def global_names(data: bytes) -> set[str]:
    """Return the names that a file binds at module level, and those that its functions look up there."""
    found: set[str] = set()
    stack = [symtable.symtable(data, "file", "exec")]  # type: ignore[arg-type]  # it takes bytes too
    top = stack[0]
    while stack:
        table = stack.pop()
        stack += table.get_children()
        found |= {one.get_name() for one in table.get_symbols() if table is top or one.is_global()}
    return found


def own_nodes(node: FunctionNode) -> list[ast.AST]:
    """Return the nodes of a function's own body, those of inner functions and classes left out."""
    found: list[ast.AST] = []
    stack: list[ast.AST] = list(node.body)
    while stack:
        one = stack.pop()
        found.append(one)
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            stack += ast.iter_child_nodes(one)
    return found
