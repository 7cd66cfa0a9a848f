"""What a project has already: native handlers by route, and classes that are registered with arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from codemods.python.server.bound_names import walk
from codemods.python.server.project_routes import AppReading

_REPLACES, _ARGUMENTS = b"replaces", b"resource_class_"


def native_routes(reading: AppReading, path: str, tree: ast.Module) -> frozenset[tuple[str, str]]:
    """Return the routes that ``@bridge.event(..., replaces=...)`` names; ``tree`` is what ``path`` holds now."""
    trees = _trees(reading, _REPLACES, path)
    return frozenset(route for one in (tree, *trees) for route in _routes(one))


def with_arguments(reading: AppReading) -> frozenset[str]:
    """Return the classes that are registered with ``resource_class_args`` or ``resource_class_kwargs``."""
    return frozenset(name for tree in _trees(reading, _ARGUMENTS) for name in _with_arguments(tree))


def _trees(reading: AppReading, word: bytes, but: str = "") -> Iterator[ast.Module]:
    for path, data in reading.project.files.items():
        tree = reading.project.tree(path) if word in data and path != but else None
        if tree is not None:
            yield tree


def _routes(tree: ast.Module) -> Iterable[tuple[str, str]]:
    for node in walk(tree):
        for decorator in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
                value = keyword.value
                if keyword.arg == "replaces" and isinstance(value, ast.Tuple | ast.List) and len(value.elts) == 2:
                    method, rule = (getattr(one, "value", None) for one in value.elts)
                    if isinstance(method, str) and isinstance(rule, str):
                        yield method.upper(), rule


def _with_arguments(tree: ast.Module) -> Iterable[str]:
    for node in walk(tree):
        names = [one.arg or "" for one in node.keywords] if isinstance(node, ast.Call) and node.args else []
        if isinstance(node, ast.Call) and any(one.startswith("resource_class_") for one in names):
            yield ast.unparse(node.args[0]).rpartition(".")[2]
