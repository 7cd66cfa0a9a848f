"""The ways to ask the app in this process: HTTP by Werkzeug's client, events by the frames of a Socket.IO client."""

from __future__ import annotations

import functools
import io
import itertools
import json
from typing import TYPE_CHECKING, Any, Protocol

from werkzeug.exceptions import InternalServerError
from werkzeug.test import Client, EnvironBuilder

from bridge.parity.steps import ABSENT, Step
from bridge.parity.worker.expected import expected
from bridge.parity.worker.http_request import http_request

if TYPE_CHECKING:
    from flask import Flask

    from bridge.events import EventMap


WATCHER = "watcher"
"""Somebody who is never logged in and only looks on."""


class HTTPSurface:
    """Browsers that call the app by ``fetch``, one for everybody who asks."""

    def __init__(self, app: Flask, event_map: EventMap) -> None:
        self._app = app
        self._map = event_map
        self._clients: dict[str, Any] = {}

    def open(self) -> None:
        """Start with new browsers."""
        self._clients = {}

    def ask(self, step: Step) -> dict[str, Any]:
        """Return what the ack to the step should say; redirects are followed as ``fetch`` does."""
        event = self._map.get(step.event)
        assert event is not None  # steps are made from this map
        request = http_request(step, event.method, event.rule)
        try:
            response = self._client(step.who).open(follow_redirects=True, **request)
            status, body, kind = response.status_code, response.get_data(), response.headers.get("content-type", "")
        except (Exception, SystemExit):  # left the app: the web server answers with its page
            status, body, kind = 500, InternalServerError().get_body().encode(), "text/html; charset=utf-8"
        return expected(status, body, kind, event.method)

    def _client(self, who: str) -> Any:
        if who not in self._clients:
            self._clients[who] = Client(self._app)
        return self._clients[who]


class SocketSurface:
    """Socket.IO connections in this process, one for everybody who asks; they speak frames, as over a WebSocket."""

    def __init__(self, app: Flask, event_map: EventMap) -> None:
        self._map = event_map
        self._server = app.extensions["socketio"].server
        self._numbers = itertools.count(1)
        self._sids: dict[str, str] = {}
        self.frames: list[tuple[str, str]] = []
        """(who, text) of every event that was sent since it was last emptied, where ``keeps_frames``."""
        self.keeps_frames = False
        self._acks: dict[str, list[str]] = {}
        self._server.async_handlers = False  # the bridge then answers in this thread
        self._server._send_eio_packet = self._sent

    def open(self) -> None:
        """Start with new connections; a watcher's stays."""
        for who in [who for who in self._sids if who != WATCHER]:
            self._server._handle_eio_disconnect(self._sids.pop(who), "client disconnect")

    def ask(self, step: Step) -> dict[str, Any]:
        """Return the ack to a step, as an observation has it."""
        ack = self.emit(step.who, step.event, *self._arguments(step))
        known: dict[str, Any] = {name: ack[name] for name in ("ok", "status", "data", "errors") if name in ack}
        return {**known, "type": (ack.get("meta") or {}).get("type")}

    def _arguments(self, step: Step) -> list[Any]:
        """Return what ``emit`` is given: nothing, the params, or params and body."""
        event = self._map.get(step.event)
        assert event is not None  # steps are made from this map
        params = dict(step.params)
        if step.headers:
            params["$headers"] = dict(step.headers)
        if step.body is not ABSENT:
            return [params, step.body]
        if not params:
            return []
        return [params, None] if event.has_body else [params]

    def emit(self, who: str, *values: Any) -> dict[str, Any]:
        """Send an event and return its ack; one that got none, or several, says so in its place."""
        number, sid = next(self._numbers), self._connected(who)
        self._acks = {sid: []}
        self._server._handle_eio_message(sid, f"2{number}{json.dumps(values)}")
        start = f"3{number}["
        acks = [text for text in self._acks[sid] if text.startswith(start)]
        if len(acks) != 1:
            return {"status": 0, "errors": f"{len(acks)} acks"}
        answers = json.loads(acks[0][len(start) - 1 :])
        return answers[0] if len(answers) == 1 else {"status": 0, "errors": f"an ack of {len(answers)} values"}

    def _connected(self, who: str) -> str:
        if who not in self._sids:
            sid = self._sids[who] = f"parity-{who}-{next(self._numbers)}"
            self._server._handle_eio_connect(sid, _handshake(next(self._numbers)))
            self._server._handle_eio_message(sid, "0")
        return self._sids[who]

    def _sent(self, sid: str, packet: Any) -> None:
        who = next((one for one, known in self._sids.items() if known == sid), None)
        if who is None:
            return
        text = packet.data
        if isinstance(text, str) and text.startswith("3"):
            self._acks.setdefault(sid, []).append(text)
        elif self.keeps_frames:
            self.frames.append((who, text))
        packet.encode()  # tells the bridge that it went out


@functools.cache
def _environ() -> dict[str, Any]:
    """Return the environ of a handshake that says of its sender what the HTTP surface's requests say."""
    query = {"EIO": "4", "transport": "websocket"}
    return {**EnvironBuilder("/socket.io/", query_string=query).get_environ(), "HTTP_ACCEPT": "*/*"}


def _handshake(number: int) -> dict[str, Any]:
    """Return the environ of a browser of its own.

    Two that were made with the same dice would be taken for one, and share cookies.
    """
    return {**_environ(), "wsgi.input": io.BytesIO(), "bridge.browser": f"{number:032x}"}


class Surface(Protocol):
    """What asks the app."""

    def open(self) -> None:
        """Start with new browsers or connections."""

    def ask(self, step: Step) -> dict[str, Any]:
        """Return what was answered, by the names of an Observation."""
