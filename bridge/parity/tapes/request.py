"""What a tape can say of a request: path parameters, query, JSON body, a few headers; or why it cannot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from bridge.events import Event
from bridge.parity.steps import ABSENT
from bridge.parity.tapes.routing import Routing

Environ = dict[str, Any]

#: A larger body is passed on unread.
MAX_BODY = 1024 * 1024
_HEADERS = ("authorization", "content-language", "idempotency-key", "x-requested-with")
_HEADER_PREFIXES = ("x-csrf", "x-xsrf", "if-")


class Unrecordable(Exception):  # noqa: N818 - nothing is wrong with the request
    """A request that no tape can hold; says why, in words by which such requests are counted."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a route of the map, credentials included: it never leaves the memory."""

    event: Event
    params: Mapping[str, Any]
    body: Any
    headers: Mapping[str, str]
    cookies: str


def asked(environ: Environ, routing: Routing) -> Asked:
    """Return what a request asks for; raises Unrecordable. A body that was read is put back for the app."""
    method, path = environ["REQUEST_METHOD"], _text(environ.get("PATH_INFO", ""))
    matched = routing.match(method, path)
    if matched is None:
        msg = f"no route of the map: {method} {path}"
        raise Unrecordable(msg)
    try:
        params = _with_query(matched.params, environ.get("QUERY_STRING", ""))
        body = _body(environ)
    except Unrecordable as why:
        msg = f"{why}: {method} {matched.event.rule}"
        raise Unrecordable(msg) from None
    return Asked(matched.event, params, body, _headers(environ), environ.get("HTTP_COOKIE", ""))


def _with_query(path: Mapping[str, Any], query: str) -> dict[str, Any]:
    """Return path parameters and query as the params of an event: a key that is repeated has a list."""
    params: dict[str, Any] = {}
    for key, value in parse_qsl(query, keep_blank_values=True):
        if key in path or key.startswith("$"):
            msg = "a query that an event cannot have"
            raise Unrecordable(msg)
        known = params.get(key)
        params[key] = value if key not in params else [*(known if isinstance(known, list) else [known]), value]
    return {**path, **params}


def _body(environ: Environ) -> Any:
    """Return the JSON body, ABSENT if there is none."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if environ.get("HTTP_TRANSFER_ENCODING") and not environ.get("CONTENT_LENGTH"):
        msg = "a body of unknown length"
        raise Unrecordable(msg)
    if not int(length):
        return ABSENT
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if not (kind == "application/json" or kind.endswith("+json")) or environ["REQUEST_METHOD"] in ("GET", "HEAD"):
        msg = "a body that is no JSON" if environ["REQUEST_METHOD"] not in ("GET", "HEAD") else "a GET with a body"
        raise Unrecordable(msg)
    if int(length) > MAX_BODY:
        msg = f"a body of more than {MAX_BODY} bytes"
        raise Unrecordable(msg)
    raw = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(raw)
    return _parsed(raw)


def _parsed(raw: bytes) -> Any:
    try:
        body = json.loads(raw, parse_constant=_refuse)
    except (ValueError, RecursionError):
        msg = "a body that is no JSON"
        raise Unrecordable(msg) from None
    if '"$earlier"' in json.dumps(body):  # a word of the replay's own
        msg = "a body with a reserved word"
        raise Unrecordable(msg)
    return body


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _headers(environ: Environ) -> dict[str, str]:
    """Return the headers that a call may set, but for those that every browser sends with every request."""
    names = [key for key in environ if key.startswith("HTTP_")]
    headers = {key[5:].replace("_", "-").lower(): environ[key] for key in names}
    return {
        name.title(): value for name, value in headers.items() if name in _HEADERS or name.startswith(_HEADER_PREFIXES)
    }


def _text(wsgi: str) -> str:
    """Return what WSGI hands on as Latin-1 as the text that it is."""
    return wsgi.encode("latin-1", "replace").decode("utf-8", "replace")
