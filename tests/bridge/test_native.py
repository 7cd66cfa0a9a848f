"""Native handlers: they answer events, the Resource goes on answering HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, abort, make_response, request, session
from flask_restful import Api, Resource
from flask_socketio import SocketIO

from bridge import Bridge, BridgeError
from tests.support.browser_like import BrowserLike
from tests.support.serving import serving


def logged_in(method: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return method(*args, **kwargs) if "user" in session else ({"error": "log in"}, 401)

    return guarded


class Coaches(Resource):
    def get(self) -> Any:
        return {"by": "resource"}

    def post(self) -> Any:
        return {"by": "resource", "got": request.get_json()}, 201


class Coach(Resource):
    method_decorators = [logged_in]

    def patch(self, id: int) -> Any:
        return {"by": "resource", "id": id}


class Login(Resource):
    def post(self) -> Any:
        session["user"] = 1
        return {}


class World:
    """An app with native handlers in place of three Resource methods."""

    def __init__(self) -> None:
        self.app = Flask(__name__)
        self.app.secret_key = "test"
        self.hooks: list[str] = []
        api = Api(self.app)
        api.add_resource(Coaches, "/coaches")
        api.add_resource(Coach, "/coaches/<int:id>")
        api.add_resource(Login, "/login")
        self.app.add_url_rule("/ping", "ping", lambda: {"by": "view"})
        self.app.before_request(lambda: self.hooks.append(f"{request.method} {request.endpoint}"))
        bridge = Bridge(self.app, SocketIO(self.app, async_mode="threading"))

        @bridge.event("new_coach", replaces=("POST", "/coaches"))
        def new_coach(data: Any) -> Any:
            if "name" not in data:
                abort(422, description="a coach has a name")
            if data["name"] == "response":
                return make_response({"made": True}, 202)
            if data["name"] == "boom":
                raise ValueError(data["name"])
            return {"by": "native", "got": data}, 201

        @bridge.event("update_coach", replaces=("PATCH", "/coaches/<int:id>"))
        def update_coach(data: Any, id: int) -> Any:
            return {"by": "native", "id": id, "got": data}

        @bridge.event("ping", replaces=("GET", "/ping"))
        def ping() -> Any:
            return {"by": "native"}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def client(world: World) -> Iterator[BrowserLike]:
    with serving(world.app) as url:
        browser = BrowserLike(url, redeems=False).open()
        yield browser
        browser.close()


def test_the_event_is_answered_by_the_handler_and_http_by_the_resource(client: BrowserLike) -> None:
    """One route has two answers while it is being moved: native by socket, the Resource's over HTTP."""
    assert client.emit("new_coach", {"name": "Maya"})["data"] == {"by": "native", "got": {"name": "Maya"}}
    over_http = client.http.post(f"{client.url}/coaches", json={"name": "Maya"}, timeout=5)
    assert over_http.json()["by"] == "resource"
    assert client.emit("get_coaches")["data"] == {"by": "resource"}


def test_body_status_response_and_abort_mean_what_they_mean_in_a_resource(client: BrowserLike) -> None:
    """A handler returns a body, (body, status) or a Response, and aborts, as a Resource does."""
    assert client.emit("new_coach", {"name": "Maya"})["status"] == 201
    assert client.emit("new_coach", {"name": "response"})["status"] == 202
    refused = client.emit("new_coach", {})
    assert (refused["status"], refused["errors"]) == (422, "a coach has a name")
    assert client.emit("new_coach", {"name": "boom"})["status"] == 500


def test_a_handler_has_the_hooks_and_decorators_of_its_resource(world: World, client: BrowserLike) -> None:
    """A native handler cannot be reached past the Resource's method_decorators or the app's hooks."""
    assert client.emit("update_coach", {"id": 3})["status"] == 401
    assert client.emit("login", {})["ok"]
    assert client.emit("update_coach", {"id": 3})["data"] == {"by": "native", "id": 3, "got": {"id": 3}}
    assert client.emit("update_coach", {"id": 3}, {"name": "x"})["data"]["got"] == {"name": "x"}
    assert world.hooks.count("PATCH coach") == 3


def test_a_plain_route_can_be_replaced_and_named(client: BrowserLike) -> None:
    """The handler's event name stands in the event map in place of the route's own."""
    assert client.emit("ping")["data"] == {"by": "native"}
    assert client.emit("get_ping")["status"] == 404
    assert client.http.get(f"{client.url}/ping", timeout=5).json() == {"by": "view"}


def test_an_http_client_cannot_ask_for_the_native_handler(client: BrowserLike) -> None:
    """Nothing that an HTTP request carries makes it reach a native handler."""
    answer = client.http.post(f"{client.url}/coaches", json={}, headers={"bridge.native": "new_coach"}, timeout=5)
    assert answer.json()["by"] == "resource"


def bridge_with(handler: Callable[..., Any], replaces: tuple[str, str] = ("PATCH", "/coaches/<int:id>")) -> Any:
    app = Flask(__name__)
    Api(app).add_resource(Coach, "/coaches/<int:id>")
    bridge = Bridge(app, SocketIO(app, async_mode="threading"))
    bridge.event("update_coach", replaces=replaces)(handler)
    return bridge.event_map


async def coroutine(data: Any, id: int) -> None: ...


@pytest.mark.parametrize(
    ("handler", "sentence"),
    [
        (lambda data: None, "write def"),
        (lambda data, id, more: None, "write def"),
        (coroutine, "async"),
    ],
)
def test_a_handler_that_could_not_be_called_is_refused(handler: Callable[..., Any], sentence: str) -> None:
    """A signature that doesn't fit the route is told at set-up, with the one to write."""
    with pytest.raises(BridgeError, match=sentence):
        bridge_with(handler)


def test_a_handler_for_no_route_is_refused() -> None:
    """A rule that is not in the app is told when the map is asked for, with what there is."""
    with pytest.raises(BridgeError, match="PATCH /coaches/<int:id>"):
        bridge_with(lambda data: None, replaces=("PATCH", "/coaches"))
