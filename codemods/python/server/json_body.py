"""Decides whether a handler takes the request's JSON body as a parameter, and which reads of it that stands for.

The bridge reads the body before it calls the handler. That is the same only where the method, too, reads it before
anything else can be noticed; everywhere else ``request.get_json()`` stays, which works in a handler as well.
"""

from __future__ import annotations

import ast

from msgspec import Struct

from codemods.python.server.bound_names import FunctionNode, names, stores, walk
from codemods.python.server.evaluation import first_effect
from codemods.python.server.requests import PLAIN, SILENT, read_kind

#: The names by which the bridge knows the body below a decorator (bridge/signature.py).
BODY_NAMES = ("data", "body", "payload")
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class Body(Struct, frozen=True):
    """The parameter for the body.

    ``is_dropped`` if the statement ``name = <first read>`` goes; ``kinds`` are the reads that become the name, and
    only the first of them if ``is_first_only``.
    """

    name: str
    kinds: frozenset[str]
    is_optional: bool = False
    is_dropped: bool = False
    is_first_only: bool = False


def body_of(
    node: FunctionNode,
    verb: str,
    requests: frozenset[str],
    imported: dict[str, str],
    *,
    given: frozenset[str],
    is_decorated: bool,
    may_answer_first: bool,
) -> Body | None:
    """Return the parameter, or None where the body is to be read as before.

    ``given`` are the path parameters; ``is_decorated`` where a decorator stays on the handler, and
    ``may_answer_first`` where one of them may do so before the method reads the body.
    """
    if any(name.partition(".")[0] in stores(node) for name in requests):
        return None
    if _is_all_of_a_try(node, requests):
        return None
    first = first_effect(node.body, lambda one: read_kind(one, requests) == PLAIN, imported)
    if first is not None and read_kind(first, requests) == PLAIN:
        if verb.upper() in _WITH_BODY and not may_answer_first:
            return _body(node, first, frozenset({PLAIN, SILENT}), given, is_decorated, is_optional=False)
        return None
    silent = [one for one in walk(node) if read_kind(one, requests) == SILENT]
    if not silent:
        return None
    earliest = min(silent, key=lambda one: (one.lineno, one.col_offset))  # type: ignore[attr-defined]
    return _body(node, earliest, frozenset({SILENT}), given, is_decorated, is_optional=True)


def _body(
    node: FunctionNode,
    first: ast.AST,
    kinds: frozenset[str],
    given: frozenset[str],
    is_decorated: bool,
    *,
    is_optional: bool,
) -> Body | None:
    target = _assigned(node, first)
    taken = names(node) | given
    for name in BODY_NAMES:
        if name == target and name not in given:
            dropped = _in_place_of(node, name, kinds, is_optional=is_optional)
            if dropped is not None:
                return dropped
        elif name not in taken:
            return Body(name, kinds, is_optional)
    # All three mean something else: the variable's own name is left, which no decorator may hide from the bridge.
    if target and target not in given and not is_decorated:
        return _in_place_of(node, target, kinds, is_optional=is_optional)
    return None


def _in_place_of(node: FunctionNode, name: str, kinds: frozenset[str], *, is_optional: bool) -> Body | None:
    """Return the parameter that takes a variable's place, so that ``data = data`` goes."""
    count = stores(node)[name]
    if _is_declared(node, name) or (count > 1 and is_optional):
        return None
    return Body(name, kinds, is_optional, is_dropped=True, is_first_only=count > 1)


def _is_all_of_a_try(node: FunctionNode, requests: frozenset[str]) -> bool:
    """True where a ``try`` holds nothing but a read of the body, and would be left with nothing."""
    alone = [one.body[0] for one in walk(node) if isinstance(one, ast.Try) and len(one.body) == 1]
    return any(isinstance(one, ast.Assign) and read_kind(one.value, requests) for one in alone)


def _assigned(node: FunctionNode, read: ast.AST) -> str:
    """Return the name of ``name = <read>``, or ""."""
    for one in walk(node):
        if isinstance(one, ast.Assign) and one.value is read and len(one.targets) == 1:
            target = one.targets[0]
            return target.id if isinstance(target, ast.Name) else ""
    return ""


def _is_declared(node: FunctionNode, name: str) -> bool:
    """True where the name is the module's or that of a function around."""
    return any(isinstance(one, ast.Global | ast.Nonlocal) and name in one.names for one in walk(node))
