"""Writes the arguments of an emit: the wire convention of docs/wire.md, seen from the client."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tree_sitter import Node

from codemods.javascript.names import SOCKET, TIMEOUT, ClientNames
from codemods.javascript.request import Request
from codemods.javascript.writing import Draft
from codemods.matching import Match
from codemods.urls import Hole, Part, Text

_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")
_NUMBER = re.compile(r"(0|[1-9]\d{0,14})(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Emit:
    """One call site, understood: what it asked for and the event that it becomes."""

    call: Node
    request: Request
    match: Match
    url: str = ""

    @property
    def event(self) -> str:
        """The name of the event."""
        return self.match.event.event


def arguments(emit: Emit, draft: Draft, at: int) -> str:
    """Return the arguments of the emit, the event's name first, for the line of byte ``at``."""
    quote = draft.style.quote
    return ", ".join([f"{quote}{emit.event}{quote}", *_payload(emit, draft, at)])


def plain(emit: Emit, draft: Draft, names: ClientNames) -> str:
    """Return ``socket.emit("event", ...`` without the closing parenthesis."""
    return f"{names[SOCKET]}.emit({arguments(emit, draft, emit.call.start_byte)}"


def promised(emit: Emit, draft: Draft, names: ClientNames, below: int = 0) -> str:
    """Return ``socket.timeout(TIMEOUT).emitWithAck("event", ...)``; one call a line, as the line of ``below``."""
    gap = draft.newline(below) if below else ""
    call = f"emitWithAck({arguments(emit, draft, below or emit.call.start_byte)})"
    return f"{names[SOCKET]}{gap}.timeout({names[TIMEOUT]}){gap}.{call}"


def _payload(emit: Emit, draft: Draft, at: int) -> list[str]:
    body = emit.request.body
    code = draft.reindented(body, at) if body is not None else None
    if code is not None and _body_has_params(emit, code):
        return [code]
    params = _params(emit, draft)
    has_body = emit.match.event.has_body
    if code is None:
        return [params, "null"] if params and has_body else [params] if params else []
    return [params or "{}", code] if params or not has_body else [code]


def _body_has_params(emit: Emit, code: str) -> bool:
    """True when the path parameters are ``values.id`` and the body is ``values``: the bridge reads them there."""
    event, match = emit.match.event, emit.match
    if not match.params or not event.has_body or match.query or emit.request.headers:
        return False
    return all(isinstance(value, Hole) and value.code == f"{code}.{name}" for name, value in match.params)


def _params(emit: Emit, draft: Draft) -> str:
    pairs = [_pair(name, _code(value, _is_number(emit, name, value), draft), draft) for name, value in _all(emit)]
    if emit.request.headers:
        headers = ", ".join(key if key == value else f"{key}: {value}" for key, value in emit.request.headers)
        pairs.append(f"$headers: {{ {headers} }}")
    return f"{{ {', '.join(pairs)} }}" if pairs else ""


def _all(emit: Emit) -> list[tuple[str, Part]]:
    return [*emit.match.params, *emit.match.query]


def _pair(name: str, code: str, draft: Draft) -> str:
    if name == code:
        return name
    quote = draft.style.quote
    return f"{name if _IDENTIFIER.fullmatch(name) else f'{quote}{name}{quote}'}: {code}"


def _is_number(emit: Emit, name: str, value: Part) -> bool:
    rule = emit.match.event.rule
    is_typed = re.search(rf"<(int|float)(\([^)]*\))?:{name}>", rule) is not None
    return is_typed and isinstance(value, Text) and _NUMBER.fullmatch(value.value) is not None


def _code(value: Part, is_number: bool, draft: Draft) -> str:
    if isinstance(value, Hole):
        return value.code
    assert isinstance(value, Text)
    if is_number:
        return value.value
    quote = draft.style.quote
    escaped = value.value.replace("\\", "\\\\").replace(quote, f"\\{quote}").replace("\n", "\\n")
    return f"{quote}{escaped}{quote}"
