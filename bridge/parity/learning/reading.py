"""Reads the source of a view, and of the project's functions that it calls: the keys it looks up, the models it names.

The source is parsed, never run.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any

from bridge.parity.learning.columns import is_model
from bridge.parity.learning.schemas import is_schema

_DEPTH = 3
_QUERY = ("args",)
_BODY = ("json", "form", "values", "get_json", "data")


@dataclass
class Read:
    """What was read; ``required`` are keys that are looked up in a way that raises where they are missing."""

    body: dict[str, bool] = field(default_factory=dict)
    query: dict[str, bool] = field(default_factory=dict)
    models: dict[str, Any] = field(default_factory=dict)
    schemas: list[tuple[Any, bool]] = field(default_factory=list)
    """Schemas that load something here, and whether they may do so partially."""
    takes_all: bool = False
    """True where every key of the body is set on a row, or handed to a model."""


def read_view(view: Callable[..., Any], method: str) -> Read:
    """Return what the view of a route reads; of a class, its method and what that calls on ``self``."""
    found = Read()
    owner = getattr(view, "view_class", None)
    function = getattr(owner, method.lower(), None) if owner is not None else view
    _Reader(found, owner).read(function, _DEPTH)
    return found


class _Reader:
    def __init__(self, found: Read, owner: Any) -> None:
        self._found = found
        self._owner = owner
        self._seen: set[Any] = set()

    def read(self, function: Any, depth: int) -> None:
        """Read one function, and those that it calls, ``depth`` calls down."""
        function = inspect.unwrap(function) if callable(function) else None
        if not isinstance(function, FunctionType) or function.__code__ in self._seen:
            return
        self._seen.add(function.__code__)
        tree = _parsed(function)
        if tree is None:
            return
        names = _scope(function)
        bodies = _body_names(tree)
        for node in ast.walk(tree):
            self._note(node, names, bodies)
        if depth:
            for called in self._called(tree, names, function.__module__):
                self.read(called, depth - 1)

    def _note(self, node: ast.AST, names: dict[str, Any], bodies: set[str]) -> None:
        if isinstance(node, ast.Name) and is_model(names.get(node.id)):
            self._found.models.setdefault(node.id, names[node.id])
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = names.get(node.value.id)
            if isinstance(module, ModuleType) and is_model(getattr(module, node.attr, None)):
                self._found.models.setdefault(node.attr, getattr(module, node.attr))
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("load", "validate")
        ):
            self._note_schema(node, node.func.value, names)
        key = _key(node)
        if key is not None:
            where, name, is_required = key
            self._keep(where, name, is_required, bodies)
        self._note_loops(node, bodies)

    def _note_schema(self, call: ast.Call, value: ast.expr, names: dict[str, Any]) -> None:
        """``coach_schema.load(...)``, ``CoachSchema().load(...)``; a class is made an instance without arguments."""
        is_made = isinstance(value, ast.Call) and not value.args and not value.keywords
        name = value.func if is_made else value  # type: ignore[attr-defined]
        schema = names.get(name.id) if isinstance(name, ast.Name) else None
        if is_schema(schema):
            partial = any(one.arg == "partial" for one in call.keywords)
            self._found.schemas.append((schema() if isinstance(schema, type) else schema, partial))

    def _keep(self, where: ast.expr, name: str, is_required: bool, bodies: set[str]) -> None:
        kind = _kind_of(where, bodies)
        if kind:
            target = self._found.query if kind == "query" else self._found.body
            target[name] = target.get(name, False) or is_required

    def _note_loops(self, node: ast.AST, bodies: set[str]) -> None:
        """``for key in data: setattr(row, key, data[key])`` and ``Model(**data)``."""
        is_loop = isinstance(node, ast.For) and _kind_of(_iterated(node.iter), bodies) == "body"
        is_given = isinstance(node, ast.Call) and any(
            one.arg is None and _kind_of(one.value, bodies) == "body" for one in node.keywords
        )
        self._found.takes_all |= is_loop or is_given

    def _called(self, tree: ast.AST, names: dict[str, Any], module: str) -> Iterator[Any]:
        top = module.split(".", 1)[0]
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            called = None
            if isinstance(node.func, ast.Name):
                called = names.get(node.func.id)
            elif isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
                owner = self._owner if node.func.value.id == "self" else names.get(node.func.value.id)
                called = inspect.getattr_static(owner, node.func.attr, None) if owner is not None else None
            where = getattr(called, "__module__", None) or ""
            if isinstance(called, FunctionType) and (
                where == module or where.split(".", 1)[0] == top or _is_near(where)
            ):
                yield called


def _is_near(module: str) -> bool:
    """True for modules of the project: not for those that were installed."""
    import sys

    file = getattr(sys.modules.get(module), "__file__", None) or ""
    return bool(file) and "site-packages" not in file and "dist-packages" not in file and "/lib/python" not in file


def _parsed(function: FunctionType) -> ast.AST | None:
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError, ValueError):
        return None


def _scope(function: FunctionType) -> dict[str, Any]:
    cells = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=False):
        try:
            cells[name] = cell.cell_contents
        except ValueError:
            continue
    return {**function.__globals__, **cells}


def _body_names(tree: ast.AST) -> set[str]:
    """Return the names that hold the body: ``data = request.get_json()``, ``form_json``, a parameter ``data``."""
    found = {"data", "json_data", "form_json", "payload", "body"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and _is_body(node.value):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.NamedExpr | ast.AnnAssign) and node.value is not None and _is_body(node.value):
            found |= {node.target.id} if isinstance(node.target, ast.Name) else set()
    return found


def _is_body(value: ast.expr) -> bool:
    """True for ``request.json``, ``request.get_json(...)``, ``request.form``, and those with a fallback."""
    if isinstance(value, ast.BoolOp):
        return any(map(_is_body, value.values))
    node = value.func if isinstance(value, ast.Call) else value
    return (
        isinstance(node, ast.Attribute)
        and node.attr in _BODY
        and isinstance(node.value, ast.Name)
        and node.value.id in ("request", "flask_request", "req")
    )


def _kind_of(value: ast.expr | None, bodies: set[str]) -> str:
    """Return ``body`` or ``query`` for what stands for one of them, else ""."""
    if value is None:
        return ""
    if isinstance(value, ast.Name):
        return "body" if value.id in bodies else ""
    if isinstance(value, ast.Attribute) and value.attr in _QUERY:
        return "query" if isinstance(value.value, ast.Name) and value.value.id == "request" else ""
    return "body" if _is_body(value) else ""


def _key(node: ast.AST) -> tuple[ast.expr, str, bool] | None:
    """Return (what is looked into, the key, whether it must be there)."""
    if isinstance(node, ast.Subscript) and _text(node.slice):
        return node.value, _text(node.slice), isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args and _text(node.args[0]):
        if node.func.attr in ("get", "getlist", "pop"):
            return node.func.value, _text(node.args[0]), False
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.In) and _text(node.left):
        return node.comparators[0], _text(node.left), False
    return None


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _iterated(node: ast.expr) -> ast.expr:
    """``data`` of ``data``, ``data.items()``, ``data.keys()``."""
    is_view = (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("items", "keys")
    )
    return node.func.value if is_view else node  # type: ignore[attr-defined]
