"""Turns the arguments of an event into the HTTP request that it stands for (docs/wire.md)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from bridge.events import Event
from bridge.naming import Converter, converters
from bridge.wire import Frame

#: Request headers that a call may set by ``$headers``; prefixes end with ``*``.
ALLOWED_HEADERS = (
    "authorization",
    "accept",
    "accept-language",
    "content-language",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
    "x-csrf*",
    "x-xsrf*",
    "x-requested-with",
)
#: Never set by a call, whatever a bridge allows: they say who asks and from where.
NEVER_HEADERS = (
    "host",
    "origin",
    "referer",
    "cookie",
    "connection",
    "upgrade",
    "content-length",
    "transfer-encoding",
)
NEVER_PREFIXES = ("x-forwarded", "sec-", "proxy-")


class Refused(Exception):  # noqa: N818 - an answer, not an error of ours
    """A call that cannot become a request; answered with an ack of this status and sentence."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


@dataclass(frozen=True, slots=True)
class Call:
    """An HTTP request in the making: ``path`` is decoded, ``query`` encoded, ``body`` None if there is none."""

    method: str
    path: str
    query: str = ""
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


class Route:
    """An event with its rule taken apart once, so that a call only fills in the values."""

    def __init__(self, event: Event, allowed: Collection[str] = ALLOWED_HEADERS) -> None:
        self.event = event
        self.writes = event.method not in ("GET", "HEAD", "OPTIONS")
        self._allowed = allowed
        self._found = converters(event.rule)
        self._pieces = _pieces(event.rule, self._found)

    def call(self, frame: Frame) -> Call:
        """Return the request for a frame; raises Refused with status 400 where the arguments don't fit."""
        params, body = self._arguments(frame)
        if not params:
            return Call(self.event.method, self._path({}), "", body)
        values = dict(params)
        headers = self._headers(values)
        path = self._path(values)
        query = {key: _query_value(key, value) for key, value in values.items() if key not in self.event.params}
        return Call(self.event.method, path, urlencode(query, doseq=True, quote_via=quote), body, headers)

    def _arguments(self, frame: Frame) -> tuple[Mapping[str, Any], bytes | None]:
        """Return (params, body) by the number of arguments."""
        args, name = frame.args, self.event.event
        if not args:
            return {}, None
        if len(args) > 2:
            msg = f"{name} takes at most two arguments, (params, body); it got {len(args)}"
            raise Refused(msg)
        if len(args) == 2:
            return self._params(args[0]), self._body(frame)
        if self.event.has_body:
            return self._params_in_body(args[0]), self._body(frame)
        return self._params(args[0]), None

    def _body(self, frame: Frame) -> bytes | None:
        """Return the body's JSON text as the client wrote it; null stands for no body at all."""
        if frame.args[-1] is None:
            return None
        if self.event.method in ("GET", "HEAD"):
            msg = f"{self.event.event} is a {self.event.method}, which has no body; it takes one argument, the params"
            raise Refused(msg)
        return frame.last_argument().encode("utf-8", "surrogatepass")

    def _params(self, value: Any) -> Mapping[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            msg = f"the params of {self.event.event} are an object, not {_kind(value)}"
            raise Refused(msg)
        return value

    def _params_in_body(self, body: Any) -> Mapping[str, Any]:
        """Read path parameters from the body by name; the body is sent on whole."""
        if not self.event.params or not isinstance(body, dict):
            return {}
        return {name: body[name] for name in self.event.params if name in body}

    def _path(self, values: Mapping[str, Any]) -> str:
        parts = []
        for text, name in self._pieces:
            parts.append(text)
            if name:
                parts.append(self._path_value(name, values))
        return "".join(parts)

    def _path_value(self, name: str, values: Mapping[str, Any]) -> str:
        if name not in values:
            msg = f"{self.event.event} needs the path parameter {name!r}"
            raise Refused(msg)
        value = values[name]
        if isinstance(value, (dict, list)):
            msg = f"the path parameter {name!r} of {self.event.event} is a string or a number, not {_kind(value)}"
            raise Refused(msg)
        return _js_string(value)

    def _headers(self, values: dict[str, Any]) -> dict[str, str]:
        """Take the reserved ``$`` keys out of ``values`` and return the request headers that they ask for."""
        reserved = [key for key in values if key.startswith("$")]
        headers: dict[str, str] = {}
        for key in reserved:
            value = values.pop(key)
            if key == "$headers":
                headers |= self._checked_headers(value)
            elif key == "$key":
                headers |= self._checked_headers({"Idempotency-Key": value})
            else:
                msg = f"{key!r} is no reserved key; there are '$headers' and '$key'"
                raise Refused(msg)
        return headers

    def _checked_headers(self, value: Any) -> dict[str, str]:
        if not isinstance(value, dict):
            msg = f"$headers is an object of header names and values, not {_kind(value)}"
            raise Refused(msg)
        return {name: self._header_value(name, text) for name, text in value.items() if text is not None}

    def _header_value(self, name: str, value: Any) -> str:
        if not self._allows(name.lower()):
            msg = f"the header {name!r} may not be set by a call, unless Bridge(allow_headers=[{name!r}])"
            raise Refused(msg)
        text = _js_string(value) if not isinstance(value, (dict, list)) else "\n"
        if any(ord(letter) < 32 or ord(letter) > 255 for letter in text):
            msg = f"the value of the header {name!r} is no header text"
            raise Refused(msg)
        return text

    def _allows(self, name: str) -> bool:
        if name in NEVER_HEADERS or name.startswith(NEVER_PREFIXES) or not name.replace("-", "").isalnum():
            return False
        return any(name == rule or (rule.endswith("*") and name.startswith(rule[:-1])) for rule in self._allowed)


def _pieces(rule: str, found: tuple[Converter, ...]) -> tuple[tuple[str, str], ...]:
    """Return the rule as (text before, parameter name) pairs; the last pair has no name."""
    pieces, start = [], 0
    for converter in found:
        pieces.append((rule[start : converter.start], converter.name))
        start = converter.end
    return (*pieces, (rule[start:], ""))


def _query_value(key: str, value: Any) -> str | list[str]:
    """Return a value as a query string has it: text as a JS template writes it, a list as repeated keys."""
    if isinstance(value, list) and not any(isinstance(item, (dict, list)) for item in value):
        return [_js_string(item) for item in value]
    if isinstance(value, (dict, list)):
        msg = f"the query parameter {key!r} is a string, a number or a list of them, not {_kind(value)}"
        raise Refused(msg)
    return _js_string(value)


def _js_string(value: Any) -> str:
    """Return what JavaScript's ``${value}`` gives for a JSON scalar."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return _js_number(value) if isinstance(value, float) else str(value)


def _js_number(value: float) -> str:
    """Return a float as ECMAScript's Number::toString does: the shortest digits, a point up to 21 places."""
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text, point = "".join(map(str, digits)), len(digits) + int(exponent)
    if 0 < point <= 21:
        text = text.ljust(point, "0")
        text = text[:point] + ("." + text[point:] if text[point:] else "")
    elif -6 < point <= 0:
        text = "0." + "0" * -point + text
    else:
        text = text[0] + ("." + text[1:] if text[1:] else "") + f"e{point - 1:+d}"
    return "-" * sign + text


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
