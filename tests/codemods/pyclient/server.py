"""The one real server that both sides of a fixture talk to: Flask-RESTful below the Bridge, answering as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask, Response, request, session
from flask_restful import Api, Resource
from flask_socketio import SocketIO

from bridge import Bridge
from bridge.events import Event, EventMap
from tests.support.serving import serving

#: What HTTP clients and handshakes say of themselves.
_UNTOLD = frozenset(
    ["host", "connection", "user-agent", "accept", "accept-encoding", "content-type", "content-length", "cookie"]
)
_PAGE = "<!doctype html><h1>Trouble</h1>"
MODES = ("good", "refused", "page", "empty", "broken", "moved", "late", "dead")


@dataclass
class Server:
    """What is asked is kept in ``seen``; ``mode`` says what is answered."""

    events: EventMap
    mode: str = "good"
    seen: list[Any] = field(default_factory=list)
    url: str = ""
    app: Flask = field(init=False)

    def __post_init__(self) -> None:
        self.app = Flask("shop")
        self.app.config["SECRET_KEY"] = "test"
        self.woken = threading.Event()
        api = Api(self.app)
        for rule in dict.fromkeys(event.rule for event in self.events):
            api.add_resource(self._resource([one for one in self.events if one.rule == rule]), rule)
        names = {(event.method, event.rule): event.event for event in self.events}
        Bridge(self.app, SocketIO(self.app, async_mode="threading"), api=api, names=names)
        self.app.add_url_rule("/moved", "moved", lambda: {"name": "moved"})

    def _resource(self, events: list[Event]) -> type[Resource]:
        def answer(_: Resource, **_params: object) -> Response:
            return self._answer()

        name = "".join(part.title() for part in events[0].event.split("_"))
        return type(name, (Resource,), {event.method.lower(): answer for event in events})

    def _answer(self) -> Response:
        body = request.get_data(as_text=True)
        query = [list(pair) for pair in parse_qsl(request.query_string.decode(), keep_blank_values=True)]
        headers = sorted([name, text] for name, text in request.headers if name.lower() not in _UNTOLD)
        self.seen.append([request.method, request.path, sorted(query), json.loads(body) if body else None, headers])
        return self._by_mode()

    def _by_mode(self) -> Response:
        if self.mode == "late":
            self.woken.wait(3)
        if self.mode == "page":
            return Response(_PAGE, 500, content_type="text/html")
        if self.mode == "broken":
            return Response('{"name": ', 200, content_type="application/json")
        if self.mode == "empty":
            return Response("", 204)
        if self.mode == "moved" and request.method == "GET":
            return Response("", 302, {"Location": "/moved"})
        status = 422 if self.mode == "refused" else 201 if request.method == "POST" else 200
        return Response(json.dumps(self._data()), status, content_type="application/json")

    def _data(self) -> Any:
        if request.path == "/login" and self.mode == "good":
            session["name"] = request.get_json()["name"]
        elif request.path == "/logout":
            session.clear()
        if request.path == "/check_session":
            return {"name": session.get("name")}
        row = {"id": 1, "name": "Ann", "ratio": 1.0, "big": 2**70, "errors": ["no"]}
        is_list = request.method == "GET" and not request.view_args and self.mode != "refused"
        return [row] if is_list else row

    @contextmanager
    def told(self, mode: str) -> Iterator[None]:
        """Answer in a mode, to one side."""
        self.mode, self.seen = mode, []
        self.woken.clear()
        yield
        self.woken.set()


@contextmanager
def running(events: EventMap) -> Iterator[Server]:
    """Serve on a free port of this machine."""
    server = Server(events)
    with serving(server.app) as url:
        server.url = url
        yield server
