"""Socket.IO frames, as far as the bridge reads and writes them itself.

A client's body is handed on as the very text that it sent, and an answer's as the very text that the
Resource made: JSON is checked, never rewritten. That is both the faithful way (key order, ``1.0``,
big integers) and the fast one (stack-facts 11).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from json import JSONDecoder
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

import orjson

# Engine.IO strips its own type digit: what arrives starts with the Socket.IO packet type.
CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR, BINARY_EVENT, BINARY_ACK = "0123456"
MAX_ATTACHMENTS = 10

_HEADER = re.compile(r"(?P<type>[256])(?:(?P<attachments>[0-9]{1,9})-)?(?:(?P<namespace>/[^,]*),)?(?P<id>[0-9]*)")
_MAX_ID = 100  # digits, as in python-socketio
_DECODER = JSONDecoder()


@dataclass(frozen=True, slots=True)
class Frame:
    """One event as it came in.

    ``id`` is the client's acknowledgement number, "" where it wants no ack. ``args`` are the decoded
    arguments; ``problem`` is a sentence where the frame could be addressed but not read.
    """

    namespace: str
    id: str
    event: str
    args: list[Any]
    text: str
    problem: str = ""

    def last_argument(self) -> str:
        """Return the JSON text of the last argument, just as the client wrote it ("" if there is none)."""
        rest = self.text[_event_end(self.text) :].rstrip()[:-1]
        for _ in range(len(self.args) - 1):
            rest = rest.lstrip()[1:].lstrip()
            rest = rest[_DECODER.raw_decode(rest)[1] :]
        return rest.lstrip()[1:].strip()


@dataclass(frozen=True, slots=True)
class Header:
    """What precedes the JSON of an event: enough to answer a frame that cannot be read further."""

    type: str
    attachments: int
    namespace: str
    id: str
    end: int


def read_header(data: str) -> Header | None:
    """Read the header of an EVENT, BINARY_EVENT or BINARY_ACK packet; None where it is malformed."""
    match = _HEADER.match(data)
    if match is None:
        return None
    kind, attachments, namespace, ack_id = match.groups()
    if len(ack_id) > _MAX_ID:
        return None
    return Header(kind, int(attachments or 0), plain_namespace(namespace or "/"), ack_id, match.end())


def plain_namespace(namespace: str) -> str:
    """Return a namespace without the query that a client may put behind it."""
    return namespace.partition("?")[0]


def read_event(data: str, header: Header) -> Frame:
    """Read an EVENT packet; a frame with a ``problem`` where its JSON is no list that starts with a name."""
    text = data[header.end :]
    try:
        values = _loads(text)
    except (ValueError, RecursionError):
        return Frame(header.namespace, header.id, "", [], text, "the message is not valid JSON")
    if not isinstance(values, list) or not values or not isinstance(values[0], str):
        return Frame(header.namespace, header.id, "", [], text, "a message is an array that starts with an event name")
    return Frame(header.namespace, header.id, values[0], values[1:], text)


def _loads(text: str) -> Any:
    """Read JSON; orjson refuses lone surrogates, which ``JSON.stringify`` writes as escapes."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        if "\\u" not in text:
            raise
        return json.loads(text, parse_constant=not_json)


def not_json(name: str) -> None:
    """Refuse what only the standard library takes for JSON: NaN and the infinities."""
    msg = f"{name} is not JSON"
    raise ValueError(msg)


def _event_end(text: str) -> int:
    """Return the index behind the event name in ``["name", ...]``."""
    return int(scanstring(text, text.index('"') + 1)[1])


def ack_text(namespace: str, ack_id: str, result: str) -> str:
    """Return the ACK packet that carries one JSON text."""
    return f"{ACK}{namespace_prefix(namespace)}{ack_id}[{result}]"


def namespace_prefix(namespace: str) -> str:
    """Return what names a namespace in a packet; the default one goes without."""
    return "" if namespace == "/" else f"{namespace},"


def event_text(name: str, value: Any) -> str:
    """Return the EVENT packet that pushes one value to a client."""
    return f"{EVENT}{orjson.dumps([name, value]).decode()}"
