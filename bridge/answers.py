"""Says which routes have no body in any good answer: every ``return`` that is no error has the status 204.

``response.json()`` of such an answer always rejects, which a client must know before it reads an ack in its
place. Standard library only; the code is read, never run. What cannot be read counts as not known.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import Any

NO_CONTENT = 204
UNKNOWN = 0
_NAMES = {"NO_CONTENT", "HTTP_204_NO_CONTENT"}
_RESPONSES = {"make_response", "Response"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def live_status(function: Callable[..., Any] | None) -> int:
    """Return 204 for a view function or a Resource's method that answers nothing else when all is well; else 0."""
    function = inspect.unwrap(function) if callable(function) else None
    code = getattr(function, "__code__", None)
    if code is None or not _may_answer_204(code):
        return UNKNOWN
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(code)))
    except (OSError, TypeError, SyntaxError, ValueError):
        return UNKNOWN
    node = tree.body[0] if tree.body else None
    return status_of(node) if isinstance(node, Function) else UNKNOWN


def _may_answer_204(code: Any) -> bool:
    """True where the number stands among a function's constants: reading its source is slow."""
    constants = [item for one in code.co_consts for item in (one if isinstance(one, tuple) else (one,))]
    return NO_CONTENT in constants or not _NAMES.isdisjoint(code.co_names)


def status_of(function: Function) -> int:
    """Return 204 for a function whose every good answer has that status, else 0."""
    own = list(_own_nodes(function.body))
    if any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own) or not _ends(function.body):
        return UNKNOWN
    values = _assigned(own)
    found = {one for node in own if isinstance(node, ast.Return) for one in _statuses(node.value, values)}
    return NO_CONTENT if {one for one in found if one < 400} == {NO_CONTENT} else UNKNOWN


def _own_nodes(statements: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    """Yield the nodes of a function, but not those of functions and classes within it."""
    stack: list[ast.AST] = list(statements)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            stack.extend(ast.iter_child_nodes(node))


def _assigned(own: Sequence[ast.AST]) -> dict[str, list[ast.expr]]:
    """Return every value that a name gets by a plain assignment; a name that is bound otherwise too has none."""
    values: dict[str, list[ast.expr]] = {}
    plain: set[ast.Name] = set()
    for node in own:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    values.setdefault(target.id, []).append(node.value)
                    plain.add(target)
    odd = {n.id for n in own if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and n not in plain}
    changed = {
        n.value.id
        for n in own
        if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store) and isinstance(n.value, ast.Name)
    }
    return {name: found for name, found in values.items() if name not in odd | changed}


def _statuses(value: ast.expr | None, values: dict[str, list[ast.expr]]) -> set[int]:
    """Return the statuses that a returned value may have; UNKNOWN among them where that cannot be read."""
    if isinstance(value, ast.IfExp):
        return _statuses(value.body, values) | _statuses(value.orelse, values)
    if isinstance(value, ast.Name):
        others = {name: found for name, found in values.items() if name != value.id}
        known = values.get(value.id, [])
        return {one for each in known for one in _statuses(each, others)} or {UNKNOWN}
    if isinstance(value, ast.Tuple):
        return {_second(value)}
    return {_called_status(value)} if isinstance(value, ast.Call) else {200}


def _called_status(call: ast.Call) -> int:
    name = _name(call)
    if name == "abort":
        return 500
    given = next((one.value for one in call.keywords if one.arg == "status"), None)
    if name not in _RESPONSES or any(isinstance(one, ast.Starred) for one in call.args):
        return UNKNOWN
    if given is not None:
        return _status(given)
    if len(call.args) > 1:
        return _status(call.args[1])
    only = call.args[0] if call.args else None
    return _second(only) if isinstance(only, ast.Tuple) else 200


def _second(value: ast.Tuple) -> int:
    """Return the status of ``(body, status)``."""
    is_plain = len(value.elts) > 1 and not any(isinstance(one, ast.Starred) for one in value.elts)
    return _status(value.elts[1]) if is_plain else UNKNOWN


def _name(call: ast.Call) -> str:
    """Return the last part of what is called: ``make_response``, ``flask.make_response``."""
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _status(value: ast.expr) -> int:
    if isinstance(value, ast.Constant) and isinstance(value.value, int):
        return value.value
    name = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
    return NO_CONTENT if name in _NAMES else UNKNOWN


def _ends(statements: Sequence[ast.stmt]) -> bool:
    """True where control never runs past the statements: at the end of a function it would return None."""
    return any(_ends_at(one) for one in statements)


def _ends_at(one: ast.stmt) -> bool:
    if isinstance(one, ast.Return | ast.Raise):
        return True
    if isinstance(one, ast.If):
        return _ends(one.body) and _ends(one.orelse)
    if isinstance(one, ast.With | ast.AsyncWith):
        return _ends(one.body)
    if isinstance(one, ast.Try):
        body = _ends(one.body) or _ends(one.orelse)
        return (body and all(_ends(handler.body) for handler in one.handlers)) or _ends(one.finalbody)
    return isinstance(one, ast.Expr) and isinstance(one.value, ast.Call) and _name(one.value) == "abort"
