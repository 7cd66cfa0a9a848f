"""The one real server that both sides of a fixture talk to: Flask-RESTful below the Bridge, answering when it is told.

It knows nothing of answers: each request is held until somebody says what to answer, so that a test sees
what a front end does meanwhile.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock
from urllib.parse import parse_qsl

from flask import Flask, Response, request
from flask_restful import Api, Resource
from flask_socketio import SocketIO

from bridge import Bridge
from bridge.call import Route
from bridge.connection import Connection
from bridge.events import Event, EventMap
from bridge.wire import Frame
from tests.support.serving import serving

#: What HTTP clients and handshakes say of themselves; row 32 drops what says JSON.
_UNTOLD_HEADERS = frozenset(
    ["host", "connection", "user-agent", "accept", "accept-encoding", "accept-language", "sec-fetch-mode"]
    + ["content-type", "content-length", "x-run", "x-call"]
)
#: What a browser adds for cache: "no-store" (row 37); an ack is never cached.
_CACHE_HEADERS = frozenset({"cache-control", "pragma"})
_UNTOLD = _UNTOLD_HEADERS | _CACHE_HEADERS
#: A server that dies while it answers gets this far.
_TORN = b"HTTP/1.1 200 OK\r\nContent-Le"


class _Numbers(threading.local):
    """The number of the ack that the event at hand asks for, by which a test knows which of two like calls it is."""

    ack: str | None = None


_numbers = _Numbers()


@contextmanager
def _numbered_acks() -> Iterator[None]:
    """Make the bridge's worker remember the number while it answers; the app below never sees it."""
    answer = Connection.answer

    def numbered(self: Connection, frame: Frame, route: Route, native: object) -> None:
        _numbers.ack = frame.id or None
        answer(self, frame, route, native)

    with mock.patch.object(Connection, "answer", numbered):
        yield


@dataclass(eq=False)
class Held:
    """A request that waits for its answer."""

    run: str
    key: str
    wire: socket.socket | None
    told: threading.Event = field(default_factory=threading.Event)
    answer: dict[str, Any] = field(default_factory=dict)


class Gates:
    """Holds the requests of all runs; ``on_asked`` is told of each as it comes."""

    def __init__(self) -> None:
        self.on_asked: Callable[[dict[str, Any]], None] = lambda _: None
        self._keys = map(str, itertools.count(1))
        self._held: dict[str, Held] = {}
        self._handshakes: dict[str, socket.socket] = {}
        self._ended: set[str] = set()
        self._lock = threading.Lock()

    def connected(self, run: str, wire: socket.socket) -> None:
        """Remember the connection by which a run's Socket.IO packets come."""
        self._handshakes[run] = wire

    def hold(self, run: str) -> Response:
        """Tell of the request that Flask has at hand, wait, and return what is to be answered."""
        wire = request.environ.get("werkzeug.socket") or self._handshakes.get(run)
        held = Held(run, next(self._keys), wire)
        with self._lock:
            self._held[held.key] = held
            if run in self._ended:
                held.told.set()
        rule = request.url_rule
        self.on_asked(
            {
                "run": run,
                "key": held.key,
                "call": request.headers.get("X-Call"),
                "ack": None if "X-Call" in request.headers else _numbers.ack,
                "method": request.method,
                "rule": rule.rule if rule is not None else "",
                "params": request.view_args or {},
                "seen": _seen(),
            }
        )
        held.told.wait()
        return _answered(held)

    def release(self, key: str, answer: dict[str, Any]) -> None:
        """Let a request have its answer."""
        with self._lock:
            held = self._held.pop(key)
        held.answer = answer
        held.told.set()

    def end(self, run: str) -> None:
        """Let go what a run that is over left behind."""
        with self._lock:
            self._ended.add(run)
            left = [held for held in self._held.values() if held.run == run]
            for held in left:
                del self._held[held.key]
        self._handshakes.pop(run, None)
        for held in left:
            held.told.set()


def _seen() -> dict[str, Any]:
    """Return a request as the Resource sees it."""
    body = request.get_data(as_text=True)
    return {
        "method": request.method,
        "path": request.path,
        "query": [list(pair) for pair in parse_qsl(request.query_string.decode(), keep_blank_values=True)],
        "body": json.loads(body) if body else None,
        "headers": sorted(
            [key, value] for key, value in request.headers if key.lower() not in _UNTOLD_HEADERS | _CACHE_HEADERS
        ),
    }


def _answered(held: Held) -> Response:
    answer = held.answer
    if answer.get("dies") and held.wire is not None:
        _tear(held.wire, is_http="werkzeug.socket" in request.environ)
    return Response(answer.get("body", ""), answer.get("status", 204), content_type=answer.get("type"))


def _tear(wire: socket.socket, *, is_http: bool) -> None:
    """End a connection in the middle of an answer; another answer may have ended it already."""
    with contextlib.suppress(OSError):
        if is_http:
            wire.sendall(_TORN)
        wire.shutdown(socket.SHUT_RDWR)


def make_app(events: EventMap, gates: Gates) -> tuple[Flask, Bridge]:
    """Return an app with a Resource for each rule of ``events``, and its Bridge."""
    app = Flask(__name__)
    api = Api(app)
    for rule in dict.fromkeys(event.rule for event in events):
        api.add_resource(_resource([one for one in events if one.rule == rule], gates), rule)
    socketio = SocketIO(app, async_mode="threading")
    names = {(event.method, event.rule): event.event for event in events}
    bridge = Bridge(app, socketio, api=api, names=names, workers=512)
    _listen(app, socketio, events)
    below = app.wsgi_app

    def remembering(environ: dict[str, Any], start_response: Any) -> Any:
        if environ.get("HTTP_UPGRADE") == "websocket":
            gates.connected(environ["HTTP_X_RUN"], environ["werkzeug.socket"])
        return below(environ, start_response)

    app.wsgi_app = remembering  # type: ignore[method-assign]
    return app, bridge


def _listen(app: Flask, socketio: SocketIO, events: EventMap) -> None:
    """Answer ``subscribe`` with the rows of a live collection, as its GET answers; nothing in them ever changes."""

    @socketio.on("subscribe")
    def subscribe(name: str, _options: Any = None) -> dict[str, Any]:
        rule = next(event.rule for event in events if event.live == name)
        answer = app.test_client().get(rule, headers={"X-Run": request.headers["X-Run"]})
        is_ok = 200 <= answer.status_code < 300
        data = answer.get_json(silent=True)
        return {"ok": is_ok, "status": answer.status_code, "data": data, "errors": None if is_ok else data}

    @socketio.on("unsubscribe")
    def unsubscribe(_name: str) -> None:
        """Say nothing: there is nothing to stop."""


def _resource(events: list[Event], gates: Gates) -> type[Resource]:
    def answer(self: Resource, **_params: object) -> Response:
        return gates.hold(request.headers["X-Run"])

    name = "".join(part.title() for part in events[0].event.split("_"))
    return type(name, (Resource,), {event.method.lower(): answer for event in events})


@contextmanager
def running(events: EventMap, gates: Gates) -> Iterator[str]:
    """Serve the app on a free port of this machine, and give its URL."""
    app, _ = make_app(events, gates)
    with _numbered_acks(), serving(app) as url:
        yield url


@contextmanager
def nobody() -> Iterator[str]:
    """Give a URL where nobody listens: its port is bound, so that no other process gets it."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
