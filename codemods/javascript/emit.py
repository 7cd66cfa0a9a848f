"""Writes the arguments of an emit: the wire convention of docs/wire.md, seen from the client."""

from __future__ import annotations

import re

from msgspec import Struct
from tree_sitter import Node

from codemods.javascript.names import SOCKET, TIMEOUT, ClientNames
from codemods.javascript.request import Request
from codemods.javascript.writing import Draft
from codemods.matching import Match
from codemods.urls import SPREAD, Hole, Part, Text

_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")
_BREAK = re.compile("[\n\0]")
_WIDTH = 100
_NUMBER = re.compile(r"(0|[1-9]\d{0,14})(\.\d+)?")


class Emit(Struct, frozen=True):
    """One call site, understood: what it asked for and the event that it becomes.

    ``is_copied`` where the payload is changed later on.
    Where a ternary chooses, ``condition`` is its code and ``other`` is what the call becomes when that is false.
    In and around a helper ``given`` are the arguments, as code, and ``callee`` is the helper that is called.
    """

    call: Node
    request: Request
    match: Match
    url: str = ""
    is_copied: bool = False
    condition: str = ""
    other: Emit | None = None
    given: str | None = None
    callee: str = ""

    @property
    def event(self) -> str:
        """The name of the event."""
        return self.match.event.event


def facts(emit: Emit) -> tuple[str, str, str]:
    """Return method, URL and event for reports, both where a ternary chooses."""
    own = emit.request.method, emit.url, emit.event
    if emit.other is None:
        return own
    method, url, event = (" or ".join(dict.fromkeys(two)) for two in zip(own, facts(emit.other), strict=True))
    return method, url, event


def arguments(emit: Emit, draft: Draft, at: int, column: int) -> str:
    """Return the arguments of the emit, the event's name first, for ``column`` of the line of byte ``at``.

    Params that would make the line too long stand one on a line.
    """
    if emit.given is not None:
        return emit.given
    if emit.other is None:
        code = ", ".join(_given(emit, draft, at))
        is_long = column + len(_BREAK.split(code)[0]) > _WIDTH
        return ", ".join(_given(emit, draft, at, is_long=True)) if is_long else code
    first, second = _given(emit, draft, at), _given(emit.other, draft, at)
    if len(first) != len(second):
        first, second = (one if len(one) == 3 else _with_params(one, emit) for one in (first, second))
    pairs = zip(first, second, strict=True)
    return ", ".join(one if one == two else f"{emit.condition} ? {one} : {two}" for one, two in pairs)


def _given(emit: Emit, draft: Draft, at: int, *, is_long: bool = False) -> list[str]:
    quote = draft.style.quote
    return [f"{quote}{emit.event}{quote}", *_payload(emit, draft, at, is_long=is_long)]


def _with_params(given: list[str], emit: Emit) -> list[str]:
    """Return arguments with the place of the params filled, so that both branches have the same number."""
    if not emit.match.event.has_body:
        return [*given, "{}"][:2]
    return [given[0], "{}", *(given[1:] or ["null"])]


def plain(emit: Emit, draft: Draft, names: ClientNames) -> str:
    """Return ``socket.emit("event", ...`` without the closing parenthesis."""
    start = f"{emit.callee or f'{names[SOCKET]}.emit'}("
    at = emit.call.start_byte
    return f"{start}{arguments(emit, draft, at, draft.module.column(at) + len(start))}"


def promised(emit: Emit, draft: Draft, names: ClientNames, below: int = 0) -> str:
    """Return ``socket.timeout(TIMEOUT).emitWithAck("event", ...)``; one call a line, as the line of ``below``."""
    if emit.callee:
        return f"{emit.callee}({arguments(emit, draft, emit.call.start_byte, 0)})"
    gap = draft.newline(below) if below else ""
    at = below or emit.call.start_byte
    start = "" if below else f"{names[SOCKET]}.timeout({names[TIMEOUT]})"
    column = draft.module.column(at) + len(start) + len(".emitWithAck(")
    call = f"emitWithAck({arguments(emit, draft, at, column)})"
    return f"{names[SOCKET]}{gap}.timeout({names[TIMEOUT]}){gap}.{call}"


def payload(emit: Emit, draft: Draft, at: int, *, is_explicit: bool) -> list[str]:
    """Return the arguments after the event's name; ``is_explicit`` where params must come first, even if empty."""
    if not is_explicit:
        return _payload(emit, draft, at, is_long=False)
    params, body = _params(emit, draft, "", ""), emit.request.body
    if body is not None:
        return [params or "{}", draft.reindented(body, at)]
    return [params, "null"] if params and emit.match.event.has_body else [params] if params else []


def _payload(emit: Emit, draft: Draft, at: int, *, is_long: bool) -> list[str]:
    body = emit.request.body
    code = draft.reindented(body, at) if body is not None else None
    has_params = code is not None and _body_has_params(emit, code)
    if emit.is_copied:
        code = f"{{ ...{code} }}"
    if code is not None and has_params:
        return [code]
    params = _params(emit, draft, draft.newline(at, 1) if is_long else "", draft.newline(at))
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


def _params(emit: Emit, draft: Draft, gap: str, end: str) -> str:
    """Return the object of params; each on a line of its own, which ``gap`` begins, where that is not empty."""
    pairs = [_pair(name, _code(value, _is_number(emit, name, value), draft), draft) for name, value in _all(emit)]
    if emit.request.headers:
        pairs.append(f"$headers: {_headers(emit.request.headers)}")
    if gap and (len(pairs) > 1 or emit.request.headers):
        return f"{{{gap}{f',{gap}'.join(pairs)},{end}}}"
    return f"{{ {', '.join(pairs)} }}" if pairs else ""


def _headers(headers: tuple[tuple[str, str], ...]) -> str:
    """Return the object of headers; a single spread is the object that it spreads."""
    if len(headers) == 1 and headers[0][0].startswith("...") and not headers[0][0].startswith("...("):
        return headers[0][0].removeprefix("...")
    pairs = ", ".join(key if key == value else f"{key}: {value}" for key, value in headers)
    return f"{{ {pairs} }}"


def _all(emit: Emit) -> list[tuple[str, Part]]:
    return [*emit.match.params, *emit.match.query]


def _pair(name: str, code: str, draft: Draft) -> str:
    if name == code:
        return name
    if name == SPREAD:
        return f"{SPREAD}{code}"
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
