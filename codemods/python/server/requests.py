"""How a file reads Flask's request: which names stand for it, and which expressions read its JSON body."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from codemods.python.server.bound_names import dotted, walk

PLAIN, SILENT = "plain", "silent"


def request_names(tree: ast.Module) -> frozenset[str]:
    """Return how a file writes ``flask.request``."""
    found: set[str] = set()
    for node in walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "flask":
            found |= {one.asname or one.name for one in node.names if one.name == "request"}
        elif isinstance(node, ast.Import):
            found |= {f"{one.asname or one.name}.request" for one in node.names if one.name == "flask"}
    return frozenset(found)


def read_kind(node: ast.AST, requests: frozenset[str]) -> str:
    """Return PLAIN for ``request.get_json()`` and ``request.json``, SILENT for ``get_json(silent=True)``, else ""."""
    if isinstance(node, ast.Attribute):
        return PLAIN if node.attr == "json" and _is_request(node.value, requests) else ""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "get_json":
        return ""
    if not _is_request(node.func.value, requests) or node.args:
        return ""
    given = {one.arg: one.value for one in node.keywords}
    if not given:
        return PLAIN
    silent = given.get("silent")
    return SILENT if len(given) == 1 and isinstance(silent, ast.Constant) and silent.value is True else ""


def attributes_read(node: ast.AST, requests: frozenset[str]) -> Iterator[ast.Attribute]:
    """Yield every ``request.x`` below a node."""
    for one in walk(node):
        if isinstance(one, ast.Attribute) and _is_request(one.value, requests):
            yield one


def _is_request(node: ast.expr, requests: frozenset[str]) -> bool:
    return isinstance(node, ast.Name | ast.Attribute) and dotted(node) in requests
