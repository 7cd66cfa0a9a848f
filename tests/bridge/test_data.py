"""What a native handler gets as ``data``: what ``request.get_json()`` gives, or raises, in the Resource's method."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, Request, abort, request
from flask_restful import Api, Resource
from flask_socketio import SocketIO

from bridge import Bridge
from tests.support.clients import Client
from tests.support.serving import serving

METHODS = ("POST", "PUT", "PATCH", "DELETE", "GET")
BODIES: list[Any] = [None, {}, [], 0, "", False, {"id": 4}, [1, None], "x", 1.5]


def raising() -> Any:
    return {"got": request.get_json()}


def silent() -> Any:
    return {"got": request.get_json(silent=True)}


class Loud(Resource):
    post = put = patch = lambda self: raising()
    get = delete = lambda self: silent()


class Silent(Resource):
    get = post = put = patch = delete = lambda self: silent()


def loud(data: Any) -> Any:
    assert request.method in ("GET", "DELETE") or data is request.get_json()
    return {"got": data}


def defaulted(data: Any = "default") -> Any:
    return {"got": None if data == "default" else data}


def defaulting(body: Any = None) -> Any:
    return {"got": body}


def app_with(*, native: bool, request_class: type[Request] = Request) -> Flask:
    """Return an app with each way of reading a body, by Flask-RESTful and by plain functions."""
    app = Flask(__name__)
    app.request_class = request_class
    api = Api(app)
    api.add_resource(Loud, "/loud")
    api.add_resource(Silent, "/silent")
    app.add_url_rule("/plain", "plain", lambda: raising() if request.method[0] == "P" else silent(), methods=METHODS)
    app.add_url_rule("/quiet", "quiet", silent, methods=METHODS)
    handlers = {"loud": loud, "silent": defaulted, "plain": loud, "quiet": defaulting}
    names = {(method, f"/{name}"): f"{name}_{method.lower()}" for name in handlers for method in METHODS}
    bridge = Bridge(app, SocketIO(app, async_mode="threading"), names=names)
    for (method, rule), event in names.items() if native else ():
        bridge.event(event, replaces=(method, rule))(handlers[rule[1:]])
    return app


def answers(app: Flask, connect: Callable[..., Client], kind: str) -> dict[str, Any]:
    with serving(app) as url:
        client = connect(kind, url)
        found = {}
        for name in ("loud", "silent", "plain", "quiet"):
            for method in METHODS:
                for body in BODIES if method != "GET" else [None]:
                    found[f"{name} {method} {body!r}"] = client.emit(f"{name}_{method.lower()}", {}, body)
        return found


def test_a_handler_gets_what_get_json_gives(connect: Callable[..., Client], client_kind: str) -> None:
    """With a body and without, by POST, PUT, PATCH, DELETE and GET: the answer is that of the route's own function."""
    by_handler = answers(app_with(native=True), connect, client_kind)
    assert by_handler == answers(app_with(native=False), connect, client_kind)
    assert by_handler["loud POST {'id': 4}"]["data"] == {"got": {"id": 4}}
    assert by_handler["loud POST None"]["status"] == 415
    assert by_handler["loud POST None"]["data"]["message"].startswith("Did not attempt to load JSON data")
    assert by_handler["plain PATCH None"]["status"] == 415
    assert "<title>415" in by_handler["plain PATCH None"]["data"]
    assert by_handler["silent PUT None"]["data"] == by_handler["loud DELETE None"]["data"] == {"got": None}
    assert by_handler["loud DELETE [1, None]"]["data"] == {"got": [1, None]}


class Strict(Request):
    """An app's own request class, as some have it."""

    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        abort(400, description="send JSON")


def test_the_apps_own_request_class_is_asked(connect: Callable[..., Client]) -> None:
    """What the app raises for a missing body is what a handler's client gets."""
    found = answers(app_with(native=True, request_class=Strict), connect, "python")
    assert found == answers(app_with(native=False, request_class=Strict), connect, "python")
    assert found["loud POST None"]["data"] == {"message": "send JSON"}


@pytest.fixture
def client(connect: Callable[..., Client]) -> Iterator[Client]:
    app = Flask(__name__)
    app.add_url_rule("/rows/<int:id>", "rows", lambda id: {}, methods=["POST"])
    app.add_url_rule("/kinds/<data>", "kinds", lambda data: {}, methods=["POST"])
    app.add_url_rule("/large", "large", lambda: request.get_json(silent=True) or {}, methods=["POST", "PUT"])
    app.config["MAX_CONTENT_LENGTH"] = 30
    bridge = Bridge(app, SocketIO(app, async_mode="threading"))
    ran: list[Any] = []

    @bridge.event("new_row", replaces=("POST", "/rows/<int:id>"))
    def new_row(id: int, data: Any) -> Any:
        ran.append(id)
        return {"id": id, "data": data, "ran": len(ran)}

    @bridge.event("new_kind", replaces=("POST", "/kinds/<data>"))
    def new_kind(data: str) -> Any:
        return {"path": data, "body": request.get_json(silent=True)}

    @bridge.event("new_large", replaces=("POST", "/large"))
    def new_large(data: Any = None) -> Any:
        return data or {}

    with serving(app) as url:
        yield connect("python", url)


def test_the_body_may_come_after_path_parameters(client: Client) -> None:
    """The body's is the first parameter that is no path parameter, wherever it stands."""
    assert client.emit("new_row", {"id": 3}, {"a": 1})["data"] == {"id": 3, "data": {"a": 1}, "ran": 1}
    assert client.emit("new_row", {"id": 3}, None)["status"] == 415
    assert client.emit("new_row", {"id": 3}, [])["data"]["ran"] == 2  # the handler did not run in between


def test_a_path_parameter_called_data_is_no_body(client: Client) -> None:
    """Names of path parameters are theirs alone."""
    assert client.emit("new_kind", {"data": "x"}, {"a": 1})["data"] == {"path": "x", "body": {"a": 1}}


def test_a_body_that_is_too_large_is_refused_as_over_http(client: Client) -> None:
    """What get_json(silent=True) raises all the same is raised."""
    large = {"text": "x" * 40}
    assert client.emit("new_large", large)["status"] == client.emit("replace_large", large)["status"] == 413
