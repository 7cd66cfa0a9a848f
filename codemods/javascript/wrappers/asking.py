"""Reads what a helper's ``fetch`` asks for in one call of the helper, the caller's arguments filled in."""

from __future__ import annotations

from msgspec import Struct, field
from tree_sitter import Node

from codemods import reasons
from codemods.javascript.evaluating import Values
from codemods.javascript.literals import string_value
from codemods.javascript.parser import arguments, child
from codemods.javascript.request import HARMLESS, UPPERED, accepts_json, is_carried, is_json_type
from codemods.javascript.values import SPREAD, UNKNOWN, Expr, Member, Obj, Undefined, Value
from codemods.results import Left


class Asked(Struct, eq=False):
    """What one call of a helper asks for; ``headers`` are the caller's own, ``has_own`` tells of the helper's."""

    method: str = "GET"
    body: Node | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    has_own: bool = False
    is_json: bool = False
    json_asks: frozenset[str] = frozenset()
    body_asks: frozenset[str] = frozenset()


def ask(values: Values, options: Value) -> Asked:
    """Return what the options of a ``fetch`` ask for. Raises Left with the reason where it cannot be an emit."""
    members = values.members(options)
    if members is None or any(one.key == SPREAD for one in members):
        msg = "The options of the helper's fetch are not all known in this call."
        raise Left(reasons.OPTIONS_NOT_CONSTANT, msg)
    asked = Asked()
    for one in {one.key: one for one in members}.values():
        _option(values, asked, one)
    return _checked(asked)


def _option(values: Values, asked: Asked, one: Member) -> None:
    if one.key == "method":
        asked.method = _method(values, one)
    elif one.key == "body":
        _body(values, asked, one)
    elif one.key == "headers":
        _headers(values, asked, one.value)
    elif not isinstance(values.reduce(one.value), Undefined):
        text = _text(values, one.value)
        if text is None or text not in HARMLESS.get(one.key, ()):
            reason = reasons.ABORT_SIGNAL if one.key == "signal" else reasons.FETCH_OPTION
            msg = f"The option {one.key} of the helper's fetch means nothing over a socket."
            raise Left(reason, msg)


def _text(values: Values, value: Value) -> str | None:
    """Return the characters of a constant string, upper case where the code asks for it."""
    value = values.reduce(value)
    if not isinstance(value, Expr):
        return None
    if value.node.type == "string":
        return string_value(value.module, value.node)
    function = value.node.child_by_field_name("function")
    if value.node.type == "call_expression" and function is not None and value.text.endswith(".toUpperCase()"):
        inner = _text(values, value.at(child(function, "object")))
        return inner.upper() if inner is not None else None
    return None


def _method(values: Values, one: Member) -> str:
    text = "GET" if isinstance(values.reduce(one.value), Undefined) else _text(values, one.value)
    if text is None or one.asks:
        msg = "The method is known at run time only."
        raise Left(reasons.DYNAMIC_METHOD, msg)
    return text.upper() if text.upper() in UPPERED else text


def _body(values: Values, asked: Asked, one: Member) -> None:
    value, asks = _settled(values, one.value)
    asked.body_asks = one.asks | asks
    is_null = isinstance(value, Expr) and value.node.type == "null"
    if isinstance(value, Undefined) or is_null:
        return
    given = arguments(value.node) if isinstance(value, Expr) and value.node.type == "call_expression" else []
    is_text = isinstance(value, Expr) and value.text.startswith("JSON.stringify(") and len(given) == 1
    inner = values.reduce(value.at(given[0])) if isinstance(value, Expr) and is_text else value
    if isinstance(inner, Undefined):
        return
    if not is_text:
        what = value.text if isinstance(value, Expr) else "an object"
        msg = f"The body is {what[:50]}, not JSON.stringify(...): it may be no JSON."
        raise Left(reasons.BODY_NOT_JSON, msg)
    if isinstance(inner, Obj) or not inner.env.is_root or inner.node.type in {"null", "spread_element"}:
        msg = "The body is put together in the helper, so that its callers cannot send it."
        raise Left(reasons.BODY_NOT_JSON, msg)
    asked.body = inner.node
    if asked.body_asks - {inner.text}:
        msg = "Whether there is a body is known at run time only."
        raise Left(reasons.OPTIONS_NOT_CONSTANT, msg)


def _settled(values: Values, value: Value) -> tuple[Value, frozenset[str]]:
    """Return the branch that is taken where what the caller gives is there, and what it was asked."""
    asks: frozenset[str] = frozenset()
    value = values.reduce(value)
    while isinstance(value, Expr) and value.node.type in {"ternary_expression", "binary_expression"}:
        is_ternary = value.node.type == "ternary_expression"
        if not is_ternary and value.node.children[1].type != "&&":
            break
        decided, asked = values.presumed(value.at(child(value.node, "condition" if is_ternary else "left")))
        if decided is None:
            return value, frozenset({UNKNOWN})
        asks |= asked
        side = ("consequence" if decided else "alternative") if is_ternary else ("right" if decided else "left")
        value = values.reduce(value.at(child(value.node, side)))
    return value, asks


def _headers(values: Values, asked: Asked, value: Value) -> None:
    members = values.members(value)
    if members is None or any(one.key == SPREAD for one in members):
        msg = "The headers of the helper's fetch are not all known in this call."
        raise Left(reasons.OPTIONS_NOT_CONSTANT, msg)
    for one in members:
        _header(values, asked, one)


def _header(values: Values, asked: Asked, one: Member) -> None:
    if isinstance(values.reduce(one.value), Undefined):
        return
    text = _text(values, one.value) or ""
    if one.key.lower() == "content-type":
        if not is_json_type(text):
            msg = f"The body is sent as {text or 'something known at run time only'}; an event carries JSON."
            raise Left(reasons.BODY_NOT_JSON, msg)
        asked.is_json, asked.json_asks = True, one.asks
    elif one.key.lower() == "accept" and accepts_json(text):
        return
    elif is_carried(one.key):
        is_callers = isinstance(one.value, Expr) and one.value.env.is_root
        if isinstance(one.value, Expr) and is_callers:
            asked.headers.append((one.key_code, one.value.text))
        asked.has_own |= not is_callers
    else:
        msg = f"The header {one.key} is not among those that an event may carry."
        raise Left(reasons.HEADER_NOT_ALLOWED, msg)


def _checked(asked: Asked) -> Asked:
    if asked.body is None:
        return asked
    if asked.method in {"GET", "HEAD"}:
        msg = f"A {asked.method} with a body: fetch itself refuses this call."
        raise Left(reasons.BODY_ON_GET, msg)
    code = (asked.body.text or b"").decode()
    if not asked.is_json or asked.json_asks - {code}:
        msg = "The JSON body is sent without Content-Type: application/json, so the server sees text, not JSON."
        raise Left(reasons.NO_JSON_CONTENT_TYPE, msg)
    return asked
