"""The ack: the one object ``{ok, status, data, errors}`` that answers an emitted event."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from bridge.wire import not_json

NULL_BODY = frozenset({204, 205, 304})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app said over WSGI: status code, headers in order, and the whole body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    method: str = "GET"

    def header(self, name: str) -> str:
        """Return the first header of this lower-case name, "" if there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


def ack_of(answer: Answer, meta: Mapping[str, Any] | None = None) -> str:
    """Return the ack of an answer as JSON text; ``meta`` is what there is to say beside the answer.

    ``data`` is what ``await response.json()`` gives, on failure too; where that would have rejected,
    ``data`` is the text (null if empty) and ``meta.type`` the content type ("" if empty).
    """
    status, more = answer.status, dict(meta or {})
    ok = 200 <= status <= 299
    if not answer.body or answer.method == "HEAD" or status in NULL_BODY:
        return _compose(ok, status, "null", "null", _meta({"type": ""} | more))
    checked = _json_text(answer.body)
    if checked is None:
        text = answer.body.decode("utf-8-sig", "replace")
        data, kind = _dumps(text), answer.header("content-type") or "application/octet-stream"
        return _compose(ok, status, data, "null" if ok else data, _meta({"type": kind} | more))
    data, value = checked
    return _compose(ok, status, data, "null" if ok else _errors(value, data), _meta(more))


def refusal(status: int, sentence: str, **meta: Any) -> str:
    """Return the ack of an event that the bridge itself answers: a body ``{"message": sentence}``."""
    return _compose(False, status, _dumps({"message": sentence}), _dumps(sentence), _meta(meta))


def _meta(meta: Mapping[str, Any]) -> str:
    return f'"meta":{_dumps(meta)}' if meta else ""


def _compose(ok: bool, status: int, data: str, errors: str, extra: str = "") -> str:
    tail = f",{extra}" if extra else ""
    return f'{{"ok":{"true" if ok else "false"},"status":{status},"data":{data},"errors":{errors}{tail}}}'


def _json_text(body: bytes) -> tuple[str, Any] | None:
    """Return (text, value) of a body that ``JSON.parse`` accepts, else None.

    The text is passed on as it is. orjson is as strict as ``JSON.parse`` (no NaN: a client that reads
    one in an ack drops the connection, stack-facts 3), but refuses lone surrogates and bad UTF-8,
    which a browser accepts: those take the slow way.
    """
    try:
        value = orjson.loads(body)
        return body.decode(), value
    except ValueError:
        text = body.decode("utf-8-sig", "replace")
    try:
        return text, json.loads(text, parse_constant=not_json)
    except (ValueError, RecursionError):
        return None


def _errors(value: Any, text: str) -> str:
    """Return the JSON text of ``errors``: the body's errors, or error, or message, else the body."""
    if isinstance(value, dict):
        for key in ("errors", "error", "message"):
            if value.get(key) is not None:
                return _dumps(value[key])
    return text


def _dumps(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # an integer beyond 64 bits, a lone surrogate: what the standard library can write
        return json.dumps(value, allow_nan=False)
