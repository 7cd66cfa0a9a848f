"""Knows the native handlers of the app in this process, what they read of a body, and which of their lines have run."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any


@dataclass
class Watched:
    """One handler. ``lines`` are those that hold code, ``ran`` those of them that were reached."""

    event: str
    method: str
    rule: str
    code: CodeType
    lines: frozenset[int]
    fields: list[str]
    calls: int = 0
    ran: set[int] = field(default_factory=set)


class Handlers:
    """Every handler that `Bridge.event` registers from `watch` on."""

    def __init__(self) -> None:
        self._found: dict[str, list[Watched]] = {}

    def watch(self) -> None:
        """Hear of handlers as they are registered; the handlers themselves stay as they are."""
        from bridge import Bridge

        register = Bridge.event

        def event(bridge: Any, name: str, **options: Any) -> Callable[..., Any]:
            file = sys._getframe(1).f_code.co_filename
            decorate = register(bridge, name, **options)

            def noted(handler: Any) -> Any:
                self._found.setdefault(name, []).append(_watched(name, options["replaces"], file))
                return decorate(handler)

            return noted

        Bridge.event = event  # type: ignore[method-assign, assignment]

    @contextmanager
    def tracing(self, event: str) -> Iterator[None]:
        """Note which lines of the event's handler run, until all have."""
        waiting = [one for one in self._found.get(event, []) if not one.ran >= one.lines or not one.calls]
        if not waiting:
            yield
            return
        codes = {one.code: one for one in waiting}
        names = {code.co_name for code in codes}

        def line(frame: FrameType, kind: str, _argument: Any) -> Any:
            if kind == "line":
                codes[frame.f_code].ran.add(frame.f_lineno)
            return line

        def entered(frame: FrameType, _kind: str, _argument: Any) -> Any:
            # Hashing a code object is slow, and this is asked for every call of every function.
            if frame.f_code.co_name not in names or frame.f_code not in codes:
                return None
            codes[frame.f_code].calls += 1
            return line

        before = sys.gettrace()
        sys.settrace(entered)
        try:
            yield
        finally:
            sys.settrace(before)

    def rows(self) -> list[dict[str, Any]]:
        """Return ``{event, method, rule, fields, calls, lines, ran}`` of each handler."""
        return [
            {
                **{key: getattr(one, key) for key in ("event", "method", "rule", "fields", "calls")},
                "lines": len(one.lines),
                "ran": len(one.ran & one.lines),
                "missing": sorted(one.lines - one.ran),
            }
            for found in self._found.values()
            for one in found
        ]


def _watched(event: str, replaces: tuple[str, str], file: str) -> Watched:
    """Find the function below ``@bridge.event("event")`` in its file: decorators may hide it from its caller."""
    method, rule = replaces
    tree, codes = _parsed(file)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(_names(one, event) for one in node.decorator_list):
            code = codes[node.name, min(one.lineno for one in node.decorator_list)]
            lines = {line for *_, line in code.co_lines()} & {one.lineno for one in _statements(node)}
            return Watched(event, method.upper(), rule, code, frozenset(lines), _fields(node))
    msg = f"{file} registers {event!r}, and has no function below @bridge.event({event!r}, ...)"
    raise LookupError(msg)


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield the statements of a function, but not those of functions in it."""
    for one in ast.iter_child_nodes(node):
        if isinstance(one, ast.stmt):
            yield one
        if not isinstance(one, (ast.FunctionDef, ast.ClassDef, ast.Lambda)):
            yield from _statements(one)


def _names(decorator: ast.expr, event: str) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and bool(decorator.args)
        and isinstance(decorator.args[0], ast.Constant)
        and decorator.args[0].value == event
    )


@cache
def _parsed(file: str) -> tuple[ast.Module, dict[tuple[str, int], CodeType]]:
    """Return a file's tree, and its functions' code by name and first line. Code objects compare by value."""
    source = Path(file).read_bytes()
    return ast.parse(source), dict(_codes(compile(source, file, "exec", dont_inherit=True)))


def _codes(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield (one.co_name, one.co_firstlineno), one
            yield from _codes(one)


def _fields(function: ast.FunctionDef) -> list[str]:
    """Return the names that a handler looks up: ``data["x"]``, ``data.get("x")``, ``"x" in data``."""
    found: dict[str, None] = {}
    for node in ast.walk(function):
        key = None
        if isinstance(node, ast.Subscript):
            key = node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            key = node.args[0] if node.func.attr in ("get", "pop") else None
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            key = node.left
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            found[key.value] = None
    return list(found)
