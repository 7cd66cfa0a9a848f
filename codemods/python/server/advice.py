"""What of a method was kept as it is and its author may want to change: advice, not a reason to leave it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain

from codemods.python.server.bound_names import FunctionNode, dotted, walk
from codemods.python.server.requests import read_kind
from codemods.python.source import Source
from codemods.results import Advice

MASS_ASSIGNMENT = "mass_assignment"
LEAKS_EXCEPTION = "leaks_exception"
UNCHECKED_KEY = "unchecked_key"
_OWN_WORDS = frozenset({"ValueError", "AssertionError", "ValidationError", "HTTPException"})
"""Exceptions whose text is mostly written for the client."""
_ANSWERS = frozenset({"jsonify", "make_response", "abort", "Response"})


def advice_on(node: FunctionNode, source: Source, requests: frozenset[str]) -> list[Advice]:
    """Return what is worth saying of a method, in the order of its lines."""
    bodies = _bodies(node, requests)
    found = chain(_mass_assignment(node, bodies, requests), _leaks(node), _unchecked(node, bodies, requests))
    rows = [Advice(source.name, *source.place(where), code, message) for where, code, message in found]
    return sorted(rows, key=lambda one: (one.line, one.column))


Found = tuple[ast.expr | ast.stmt, str, str]


def _bodies(node: FunctionNode, requests: frozenset[str]) -> set[str]:
    """Return the names that hold what the client sent."""
    return {
        target.id
        for one in walk(node)
        if isinstance(one, ast.Assign) and any(read_kind(inner, requests) for inner in _top(one.value))
        for target in one.targets
        if isinstance(target, ast.Name)
    }


def _top(value: ast.expr) -> list[ast.expr]:
    """Return an expression, or the parts of ``a or b``."""
    return value.values if isinstance(value, ast.BoolOp) else [value]


def _is_body(node: ast.expr, bodies: set[str], requests: frozenset[str]) -> bool:
    return bool(read_kind(node, requests)) or (isinstance(node, ast.Name) and node.id in bodies)


# ---- mass assignment --------------------------------------------------------------------------


def _mass_assignment(node: FunctionNode, bodies: set[str], requests: frozenset[str]) -> Iterator[Found]:
    for one in walk(node):
        if not isinstance(one, ast.Call):
            continue
        name = dotted(one.func)
        spread = [keyword for keyword in one.keywords if keyword.arg is None]
        if name.rpartition(".")[2][:1].isupper() and any(_is_body(key.value, bodies, requests) for key in spread):
            yield one, MASS_ASSIGNMENT, f"Whatever the client sends becomes an attribute of {name}; list the fields."
        is_open = name == "setattr" and len(one.args) == 3 and not isinstance(one.args[1], ast.Constant)
        if is_open and any(_is_body(inner, bodies, requests) for inner in _loops_and_value(node, one)):
            yield one, MASS_ASSIGNMENT, "The client chooses which attributes are set; list those that it may."


def _loops_and_value(node: FunctionNode, call: ast.Call) -> Iterator[ast.expr]:
    """Yield what the value comes from, and what the loops around the call run over."""
    for one in walk(node):
        if isinstance(one, ast.For) and any(inner is call for inner in walk(one)):
            yield from (inner for inner in walk(one.iter) if isinstance(inner, ast.expr))
    yield from (inner for inner in walk(call.args[2]) if isinstance(inner, ast.expr))


# ---- exceptions in answers --------------------------------------------------------------------


def _leaks(node: FunctionNode) -> Iterator[Found]:
    for handler in walk(node):
        if isinstance(handler, ast.ExceptHandler) and handler.name and not _is_own_words(handler.type):
            for one in _answers(handler):
                if any(_shows(inner, handler.name) for inner in walk(one)):
                    msg = "The answer shows the exception's text, which may name tables, files or values."
                    yield one, LEAKS_EXCEPTION, msg
                    break


def _is_own_words(given: ast.expr | None) -> bool:
    types = given.elts if isinstance(given, ast.Tuple) else [given]
    return all(one is not None and ast.unparse(one).rpartition(".")[2] in _OWN_WORDS for one in types)


def _answers(handler: ast.ExceptHandler) -> Iterator[ast.Return | ast.Call]:
    for one in walk(handler):
        is_call = isinstance(one, ast.Call) and dotted(one.func).rpartition(".")[2] in _ANSWERS
        if isinstance(one, ast.Return) or (isinstance(one, ast.Call) and is_call):
            yield one


def _shows(node: ast.AST, name: str) -> bool:
    """True for ``str(e)``, ``repr(e)``, ``e.args`` and ``f"{e}"``."""
    if isinstance(node, ast.Call):
        is_text = isinstance(node.func, ast.Name) and node.func.id in {"str", "repr"}
        return is_text and any(_is(one, name) for one in node.args)
    if isinstance(node, ast.FormattedValue):
        return _is(node.value, name)
    return isinstance(node, ast.Attribute) and node.attr == "args" and _is(node.value, name)


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


# ---- keys that may be missing -----------------------------------------------------------------


def _unchecked(node: FunctionNode, bodies: set[str], requests: frozenset[str]) -> Iterator[Found]:
    """Yield the first read of a key that nothing looks for before, with the others of the method."""
    tries = [one for one in walk(node) if isinstance(one, ast.Try) and _catches(one)]
    guarded = {id(inner) for one in tries for statement in one.body for inner in walk(statement)}
    checked = _checked(node)
    found = [one for one in _keys_read(node, bodies, requests) if id(one[0]) not in guarded and one[1] not in checked]
    if found:
        first = min(found, key=lambda one: (one[0].lineno, one[0].col_offset))[0]
        keys = ", ".join(dict.fromkeys(key for _, key in found))
        yield first, UNCHECKED_KEY, f"A body without {keys} ends in a 500; check it first, or use get()."


def _keys_read(node: FunctionNode, bodies: set[str], requests: frozenset[str]) -> Iterator[tuple[ast.Subscript, str]]:
    """Yield every ``body["key"]`` that is read or deleted."""
    for one in walk(node):
        if (
            isinstance(one, ast.Subscript)
            and not isinstance(one.ctx, ast.Store)
            and isinstance(one.slice, ast.Constant)
        ):
            key = one.slice.value
            if isinstance(key, str) and _is_body(one.value, bodies, requests):
                yield one, key


def _checked(node: FunctionNode) -> set[object]:
    """Return the keys that the method asks for with ``in`` or ``get`` somewhere."""
    found: set[object] = set()
    for one in walk(node):
        if isinstance(one, ast.Compare) and isinstance(one.ops[0], ast.In | ast.NotIn):
            found |= {one.left.value} if isinstance(one.left, ast.Constant) else set()
        elif isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr == "get":
            found |= {arg.value for arg in one.args[:1] if isinstance(arg, ast.Constant)}
    return found


def _catches(node: ast.Try) -> bool:
    """True where a KeyError ends in one of the handlers."""
    names = {
        inner.id
        for one in node.handlers
        for inner in walk(one.type or ast.Name("Exception"))
        if isinstance(inner, ast.Name)
    }
    return bool(names & {"Exception", "BaseException", "KeyError", "LookupError"})
