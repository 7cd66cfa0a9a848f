"""Every event gets exactly one ack, whatever happens in between, and the server goes on serving others.

Each test runs against a real server in a process of its own, in threading and in gevent mode, with
socket.io-client and with python-socketio.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, Response, abort, jsonify, redirect, request, send_file
from flask_restful import Api, Resource
from flask_socketio import SocketIO

from bridge import Bridge
from tests.support.clients import Client
from tests.support.processes import Served, served

Connect = Callable[..., Client]


class Coaches(Resource):
    def get(self) -> Any:
        return [{"id": 1, "name": "Maya"}]

    def post(self) -> Any:
        return {"got": request.get_json()}, 201


class Coach(Resource):
    def get(self, id: int) -> Any:
        return {"id": id} if id == 1 else ({"error": "no such coach"}, 404)

    def delete(self, id: int) -> Any:
        return {"never": "sent"}, 204

    def patch(self, id: int) -> Any:
        return {"id": id, "from": "the Resource"}


class Raises(Resource):
    def get(self) -> Any:
        msg = "secret of the Resource"
        raise ValueError(msg)


class Exits(Resource):
    def get(self) -> Any:
        sys.exit("secret of the exit")


class Strange(Resource):
    def get(self) -> Any:
        return object()


class NotANumber(Resource):
    def get(self) -> Any:
        return {"mean": float("nan")}


def make_app(mode: str) -> Flask:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "test"
    api = Api(app)
    socketio = SocketIO(app, async_mode=mode)
    api.add_resource(Coaches, "/coaches")
    api.add_resource(Coach, "/coaches/<int:id>")
    api.add_resource(Raises, "/raises")
    api.add_resource(Exits, "/exits")
    api.add_resource(Strange, "/strange")
    api.add_resource(NotANumber, "/not_a_number")
    add_plain_routes(app)
    add_redirects(app)
    add_own_handlers(socketio)
    bridge = Bridge(app, socketio, api=api)

    @bridge.event("update_coach", replaces=("PATCH", "/coaches/<int:id>"))
    def update_coach(data: Any, id: int) -> Any:
        if data == "exit":
            sys.exit("secret of the native handler")
        if data == "strange":
            return object()
        msg = "secret of the native handler"
        raise ValueError(msg)

    return app


def add_plain_routes(app: Flask) -> None:
    @app.get("/plain/raises")
    def plain_raises() -> Any:
        msg = "secret of the route"
        raise ValueError(msg)

    @app.get("/plain/teapot")
    def plain_teapot() -> Any:
        abort(418, "short and stout")

    @app.get("/plain/text")
    def plain_text() -> Any:
        return Response("<b>hello</b>", mimetype="text/html")

    @app.get("/plain/file")
    def plain_file() -> Any:
        return send_file(io.BytesIO(b"\x89PNG\xff\x00"), mimetype="image/png")


def add_redirects(app: Flask) -> None:
    @app.get("/folder/")
    def folder() -> Any:
        return jsonify(path=request.path, query=request.query_string.decode())

    for status in (301, 302, 303, 307, 308):
        add_redirect(app, status)

    @app.get("/to/slash")
    def to_slash() -> Any:
        return redirect("/folder?a=1", 302)  # strict_slashes answers 308

    @app.get("/to/relative")
    def to_relative() -> Any:
        return Response(status=302, headers={"Location": "slash"})

    @app.get("/to/itself")
    def to_itself() -> Any:
        return redirect("/to/itself")

    @app.get("/to/another/host")
    def to_another_host() -> Any:
        return redirect("http://elsewhere.example/folder/")


def add_redirect(app: Flask, status: int) -> None:
    def echo() -> Any:
        return jsonify(method=request.method, body=request.get_data(as_text=True))

    def away() -> Any:
        return redirect(f"/echo/{status}", status)

    app.add_url_rule(f"/echo/{status}", f"echo_{status}", echo, methods=["GET", "POST"])
    app.add_url_rule(f"/away/{status}", f"away_{status}", away, methods=["POST"])


def add_own_handlers(socketio: SocketIO) -> None:
    @socketio.on("mine")
    def mine(*args: Any) -> Any:
        return {"sizes": [len(arg) if isinstance(arg, bytes) else arg for arg in args]}

    @socketio.on("mine_raises")
    def mine_raises() -> Any:
        msg = "secret of the handler"
        raise ValueError(msg)

    @socketio.on("mine_exits")
    def mine_exits() -> Any:
        sys.exit("secret of the handler")

    @socketio.on("mine_strange")
    def mine_strange() -> Any:
        return object()

    @socketio.on("mine_nan")
    def mine_nan() -> Any:
        return float("nan")

    @socketio.on("mine_binary")
    def mine_binary() -> Any:
        return b"\x01\x02"


@pytest.fixture(scope="module", params=["threading", "gevent"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(make_app, request.param, tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def client(server: Served, client_kind: str, connect: Connect) -> Iterator[Client]:
    """A client that must be connected still, and others served, when the test ends."""
    client = connect(client_kind, server.url)
    yield client
    assert client.connected()
    assert client.emit("get_coaches")["data"] == [{"id": 1, "name": "Maya"}]
    assert connect("python", server.url).emit("get_coach", {"id": 1})["data"] == {"id": 1}


def test_a_resource_answers(client: Client) -> None:
    """A Resource's answer arrives with its status and body."""
    assert client.emit("new_coach", {"name": "Ana"}) == {
        "ok": True,
        "status": 201,
        "data": {"got": {"name": "Ana"}},
        "errors": None,
    }
    assert client.emit("get_coach", {"id": 2})["errors"] == "no such coach"


def test_an_unknown_event(client: Client) -> None:
    """An event that nobody knows is answered with 404."""
    ack = client.emit("no_such_event", {"a": 1})
    assert (ack["ok"], ack["status"]) == (False, 404)
    assert "no_such_event" in ack["errors"]


@pytest.mark.parametrize(
    "event", ["get_raises", "get_plain_raises", "get_exits", "get_strange", "mine_raises", "mine_exits", "mine_strange"]
)
def test_what_raises_exits_or_cannot_be_serialised(client: Client, event: str) -> None:
    """An exception, an exit, or an answer that JSON cannot hold is a 500 ack that tells nothing of the inside."""
    ack = client.emit(event)
    assert (ack["ok"], ack["status"]) == (False, 500)
    assert "secret" not in str(ack)
    assert "Error:" not in str(ack)


@pytest.mark.parametrize("body", ["raise", "exit", "strange"])
def test_a_native_handler_that_fails(client: Client, body: str) -> None:
    """A native handler that raises, exits or returns nonsense is a 500 ack that tells nothing of the inside."""
    ack = client.emit("update_coach", {"id": 1}, body)
    assert ack["status"] == 500
    assert "secret" not in str(ack)


def test_nan_in_an_answer(client: Client) -> None:
    """NaN is no JSON: the answer comes as text, and the JavaScript client keeps its connection."""
    ack = client.emit("get_not_a_number")
    assert ack["status"] == 200
    assert isinstance(ack["data"], str)
    assert "NaN" in ack["data"]
    assert ack["meta"] == {"type": "application/json"}
    assert client.emit("mine_nan")["status"] == 500


@pytest.mark.parametrize(
    ("event", "args"),
    [
        ("get_coaches", ({}, None, {})),
        ("new_coach", (1, 2, 3)),
        ("get_coaches", ("not params",)),
        ("new_coach", ([1], {"name": "Ana"})),
        ("get_coaches", ({}, {"a": "body"})),
        ("get_coach", ()),
        ("get_coach", ({},)),
        ("update_coach", ({"name": "no id"},)),
        ("get_coach", ({"id": {"$ne": 1}},)),
        ("get_coaches", ({"$nonsense": 1},)),
    ],
)
def test_arguments_that_do_not_fit(client: Client, event: str, args: tuple[Any, ...]) -> None:
    """A wrong arity, a missing path parameter and odd params are answered with 400 and a sentence."""
    ack = client.emit(event, *args)
    assert ack["status"] == 400
    assert len(ack["errors"]) > 15
    assert ack["data"] == {"message": ack["errors"]}


def test_204_with_a_body(client: Client) -> None:
    """A 204 has no body, even where the Resource returned one."""
    assert client.emit("delete_coach", {"id": 1}) == {
        "ok": True,
        "status": 204,
        "data": None,
        "errors": None,
        "meta": {"type": ""},
    }


def test_an_answer_that_is_no_json(client: Client) -> None:
    """HTML and a file arrive as text with their content type, a teapot as what it says."""
    ack = client.emit("get_text")
    assert (ack["data"], ack["meta"]["type"]) == ("<b>hello</b>", "text/html; charset=utf-8")
    ack = client.emit("get_file")
    assert (ack["ok"], ack["meta"]["type"]) == (True, "image/png")
    ack = client.emit("get_teapot")
    assert (ack["status"], ack["ok"]) == (418, False)


def test_redirects_are_followed(client: Client) -> None:
    """A redirect of either kind, absolute or relative, ends where fetch would have ended."""
    landed = {"path": "/folder/", "query": "a=1"}
    assert client.emit("get_slash")["data"] == landed
    assert client.emit("get_relative")["data"] == landed


@pytest.mark.parametrize(
    ("status", "method", "body"),
    [(301, "GET", ""), (302, "GET", ""), (303, "GET", ""), (307, "POST", '{"a":1}'), (308, "POST", '{"a":1}')],
)
def test_what_a_redirect_does_to_a_post(client: Client, status: int, method: str, body: str) -> None:
    """307 and 308 repeat a POST with its body, the others become a GET, as in a browser."""
    data = client.emit(f"away_{status}", {"a": 1})["data"]
    assert data["method"] == method
    assert data["body"].replace(" ", "") == body


def test_redirects_that_lead_nowhere(client: Client) -> None:
    """A redirect in a circle, and one to another host, are refused."""
    ack = client.emit("get_itself")
    assert (ack["ok"], ack["status"]) == (False, 500)
    ack = client.emit("get_host")
    assert (ack["ok"], ack["status"]) == (False, 302)
    assert "elsewhere.example" in ack["errors"]


def test_binary_for_a_bridged_event(client: Client, client_kind: str) -> None:
    """Binary attachments to a bridged event are refused with 400, however many there are."""
    one = {"$bytes": 5} if client_kind == "javascript" else bytes(5)
    for count in (1, 3, 12):
        ack = client.emit("new_coach", [one] * count)
        assert ack["status"] == 400, count


def test_binary_for_a_handler_of_the_apps_own(client: Client, client_kind: str) -> None:
    """The app's own handlers get their binary arguments as before, and may answer with binary."""
    binary = {"$bytes": 5} if client_kind == "javascript" else bytes(5)
    assert client.emit("mine", binary, "text") == {"sizes": [5, "text"]}
    assert client.emit("mine_binary") is not None


def test_too_many_attachments_for_a_handler_of_the_apps_own(client: Client, client_kind: str) -> None:
    """More than ten attachments are refused with 400, since JavaScript clients cannot read so many either."""
    binary = {"$bytes": 1} if client_kind == "javascript" else bytes(1)
    ack = client.emit("mine", *[binary] * 11)
    assert ack["status"] == 400
