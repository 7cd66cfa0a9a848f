"""Frames that no well-behaved client sends: refused cleanly, one ack each, and the connection goes on."""

from __future__ import annotations

import itertools
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, request
from flask_restful import Api, Resource
from flask_socketio import SocketIO

from bridge import Bridge
from tests.support.processes import Served, served
from tests.support.raw_client import RawClient

Raw = Callable[..., RawClient]
CONNECTS: list[Any] = []
LIVE: set[str] = set()
NUMBERS = itertools.count(1_000_000)


class Connects(Resource):
    """What the app's connect and disconnect handlers were called with."""

    def get(self) -> Any:
        return CONNECTS

    def delete(self) -> Any:
        CONNECTS.clear()
        return {"live": len(LIVE)}


class Coaches(Resource):
    def get(self) -> Any:
        return []

    def post(self) -> Any:
        return {"got": request.get_json()}, 201


def make_app(mode: str) -> Flask:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "test"
    api = Api(app)
    socketio = SocketIO(app, async_mode=mode)
    api.add_resource(Connects, "/connects")
    api.add_resource(Coaches, "/coaches")
    for namespace in ("/", "/admin"):
        add_connect_handlers(socketio, namespace)
    add_own_handlers(socketio)
    Bridge(app, socketio)
    return app


def add_connect_handlers(socketio: SocketIO, namespace: str) -> None:
    @socketio.on("connect", namespace=namespace)
    def connected(auth: Any = None) -> None:
        CONNECTS.append(["connect", namespace, auth])
        LIVE.add(request.sid)  # type: ignore[attr-defined]

    @socketio.on("disconnect", namespace=namespace)
    def disconnected(*_reason: Any) -> None:
        CONNECTS.append(["disconnect", namespace])
        LIVE.discard(request.sid)  # type: ignore[attr-defined]


def add_own_handlers(socketio: SocketIO) -> None:
    @socketio.on("mine", namespace="/")
    @socketio.on("mine", namespace="/admin")
    def mine(*args: Any) -> Any:
        return {"args": [repr(arg) for arg in args]}

    @socketio.on("mine_raises")
    def mine_raises(*_args: Any) -> Any:
        msg = "secret"
        raise ValueError(msg)

    @socketio.on("mine_exits")
    def mine_exits(*_args: Any) -> Any:
        sys.exit("secret")


@pytest.fixture(scope="module", params=["threading", "gevent"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(make_app, request.param, tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def client(server: Served, raw: Raw) -> Iterator[RawClient]:
    """A connection that still works when the test ends, while others are served; one ack for each number."""
    client = raw(server.url)
    for number in range(900_000, 900_200):  # until the connections of the test before are gone
        if client.call("delete_connects", ack_id=number)["data"]["live"] == 1:
            break
        time.sleep(0.02)
    client.acks.clear()
    yield client
    assert client.call("get_coaches", ack_id=999_998)["data"] == []
    client.listen(0.05)
    assert max(Counter((namespace, ack_id) for namespace, ack_id, _ in client.acks).values()) == 1
    assert raw(server.url).call("get_coaches")["data"] == []


def connects(client: RawClient) -> Any:
    """Return what the app's connect handlers saw since the test began."""
    return client.call("get_connects", ack_id=next(NUMBERS))["data"]


@pytest.mark.parametrize("event", ["connect", "disconnect", "connect_error", "disconnecting", "newListener", "*"])
def test_a_forged_reserved_event(client: RawClient, event: str) -> None:
    """A client cannot call the app's connect or disconnect handler by an event of that name."""
    assert client.call(event, {}, {"token": "forged"})["status"] == 400
    assert connects(client) == []


@pytest.mark.parametrize("event", ["connect", "disconnect"])
def test_a_forged_reserved_event_in_another_namespace(client: RawClient, event: str) -> None:
    """Nor in another namespace, whether it is connected to it or not."""
    client.send(f'42/admin,7["{event}",{{}},{{"token":"forged"}}]')
    client.listen(0.2)
    assert connects(client) == []
    client.send("40/admin,")
    client.wait(lambda: any(text.startswith("40/admin,") for text in client.others))
    client.send(f'42/admin,8["{event}",{{}},{{"token":"forged"}}]')
    assert client.ack(8)["status"] == 400
    assert connects(client) == [["connect", "/admin", None]]


@pytest.mark.parametrize("event", ["connect", "disconnect"])
def test_a_forged_reserved_event_with_an_attachment(client: RawClient, event: str) -> None:
    """Nor by an event with a binary attachment, which python-socketio reads on another way."""
    client.send(f'451-3["{event}",{{}},{{"token":"forged","file":{{"_placeholder":true,"num":0}}}}]')
    client.frame(b"x", opcode=2)
    assert client.ack(3)["status"] == 400
    assert connects(client) == []


@pytest.mark.parametrize("packet", ["40", '40{"token":"forged"}', '40/?a=1,{"token":"forged"}'])
def test_connect_twice(client: RawClient, packet: str) -> None:
    """A second CONNECT is refused and runs no connect handler."""
    client.send(f"4{packet[1:]}")
    client.wait(lambda: any(text.startswith("44") for text in client.others))
    assert connects(client) == []


def test_connect_twice_in_another_namespace(client: RawClient) -> None:
    """A second CONNECT to another namespace is refused and runs no connect handler."""
    client.send("40/admin,")
    client.send('40/admin,{"token":"forged"}')
    client.wait(lambda: any(text.startswith("44/admin,") for text in client.others))
    assert connects(client) == [["connect", "/admin", None]]


@pytest.mark.parametrize("auth", ['"token"', "[1]", "5", "null", "true", "{", "NaN"])
def test_connect_with_auth_that_is_no_object(server: Served, raw: Raw, client: RawClient, auth: str) -> None:
    """Auth that is no object never reaches a connect handler; the client is told."""
    odd = raw(server.url, connect=f"0{auth}")
    assert any(text.startswith("44") for text in odd.others)
    odd.emit(1, "get_coaches")
    odd.listen(0.1)
    assert odd.acks == []
    assert connects(client) == []


def test_connect_with_a_query_in_the_namespace(server: Served, raw: Raw, client: RawClient) -> None:
    """Who is let in by ``40/?a=1,`` is connected like everybody else: its events are answered."""
    odd = raw(server.url, connect=None)
    odd.send("40/?a=1,")
    odd.wait(lambda: any(text.startswith(("40", "44")) for text in odd.others))
    if any(text.startswith("40") for text in odd.others):
        assert odd.call("get_coaches")["data"] == []


def test_disconnect_and_connect_again(client: RawClient) -> None:
    """After a DISCONNECT the same connection may CONNECT once more."""
    client.send("41")
    client.send("40")
    client.wait(lambda: sum(text.startswith("40") for text in client.others) == 2)
    assert connects(client) == [["disconnect", "/"], ["connect", "/", None]]


@pytest.mark.parametrize(
    "frame",
    ["450-", "45", "45-", "450-[]", '450-["mine"]', "4599999999999-", "451-", "451-{", "46", "460-", "461-1[]"],
)
def test_a_bad_binary_header(client: RawClient, frame: str) -> None:
    """A binary header that promises nothing readable does not wedge the connection."""
    client.send(frame)
    assert client.call("new_coach", {"a": 1}, ack_id=2)["status"] == 201


@pytest.mark.parametrize("frame", ['450-5["new_coach",1]', '4511-5["mine",1]', '45999999999-5["mine",1]'])
def test_a_bad_binary_header_that_wants_an_ack(client: RawClient, frame: str) -> None:
    """Where such a header carries an ack number, it is answered with 400."""
    client.send(frame)
    assert client.ack(5)["status"] == 400


def test_a_placeholder_for_an_attachment_that_is_not_there(client: RawClient) -> None:
    """A placeholder that points nowhere is answered with 400 and does no harm."""
    client.send('451-6["mine",{"_placeholder":true,"num":9}]')
    client.frame(b"x", opcode=2)
    assert client.ack(6)["status"] == 400


@pytest.mark.parametrize("event", ["mine_raises", "mine_exits"])
def test_a_handler_that_raises_over_an_attachment(client: RawClient, event: str) -> None:
    """An app's own handler that fails over a binary argument is a 500 ack too."""
    client.send(f'451-6["{event}",{{"_placeholder":true,"num":0}}]')
    client.frame(b"x", opcode=2)
    assert client.ack(6)["status"] == 500


def test_attachments_that_nobody_announced(client: RawClient) -> None:
    """A binary frame out of the blue is ignored."""
    client.frame(b"\x04\x01", opcode=2)
    assert client.call("get_coaches", ack_id=2)["ok"]


def test_an_event_amid_attachments(client: RawClient) -> None:
    """An event sent where attachments were due is answered, and so is the one that lacks them."""
    client.send('452-6["new_coach",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]')
    client.frame(b"x", opcode=2)
    assert client.call("get_coaches", ack_id=7)["ok"]
    assert client.ack(6)["status"] == 400


@pytest.mark.parametrize(
    "text", ["{", "", "{}", "[]", '"new_coach"', "[1]", "[null,1]", '["new_coach",NaN]', '["new_coach"', "[" * 5000]
)
def test_frames_that_are_no_json_or_no_event(client: RawClient, text: str) -> None:
    """What is not a JSON array with a name in front is answered with 400."""
    client.send(f"425{text}")
    assert client.ack(5)["status"] == 400


@pytest.mark.parametrize(
    "frame", ["4", "42", "42[", "47[]", "4x", "49", "44", "43", '439["never asked"]', "43x", "42/"]
)
def test_frames_without_an_ack_number(client: RawClient, frame: str) -> None:
    """Nonsense that asks for no answer gets none, and does no harm."""
    client.send(frame)
    client.listen(0.05)
    assert client.acks == []


def test_huge_ack_numbers(client: RawClient) -> None:
    """An ack goes out under the very number that was asked for, or not at all."""
    client.emit(10**17, "get_coaches")
    assert client.ack(10**17)["ok"]
    for digits in (19, 30, 101, 5000):
        client.send(f'42{"9" * digits}["get_coaches"]')
    client.call("get_coaches", ack_id=3)
    client.listen(0.1)
    assert {ack_id for _, ack_id, _ in client.acks} <= {10**17, 3} | {int("9" * n) for n in (19, 30, 101)}


def test_the_same_ack_number_twice(client: RawClient) -> None:
    """Two events that use one number get two acks."""
    client.emit(5, "get_coaches")
    client.emit(5, "no_such_event")
    client.wait(lambda: sum(ack_id == 5 for _, ack_id, _ in client.acks) == 2)
    client.acks = [ack for ack in client.acks if ack[1] != 5]


def test_an_event_without_an_ack_number_is_carried_out(client: RawClient) -> None:
    """An event that wants no ack gets none, but is carried out."""
    client.send('42["delete_connects"]')
    client.send('42["no_such_event"]')
    client.send('42["new_coach",{},[],3]')
    client.listen(0.1)
    assert client.acks == []


def test_namespaces_have_no_routes(client: RawClient) -> None:
    """Bridged events live in ``/`` only; another namespace has the app's own handlers."""
    client.send("40/admin,")
    client.wait(lambda: any(text.startswith("40/admin,") for text in client.others))
    assert client.call("get_coaches", ack_id=4, namespace="/admin")["status"] == 404
    assert client.call("mine", 1, ack_id=5, namespace="/admin") == {"args": ["1"]}


def test_a_namespace_that_was_not_connected_to(client: RawClient) -> None:
    """An app's own handler is not run for a namespace that the client never connected to."""
    client.emit(4, "mine", namespace="/admin")
    client.listen(0.1)
    assert all(not values[0].get("args") for _, _, values in client.acks if values)


def test_nothing_before_connect(server: Served, raw: Raw, client: RawClient) -> None:
    """Before CONNECT no event is carried out, bridged or not."""
    early = raw(server.url, connect=None)
    for number, event in enumerate(("get_coaches", "delete_connects", "mine")):
        early.emit(number, event)
    early.listen(0.2)
    assert all(not (values[0].get("ok") or "args" in values[0]) for _, _, values in early.acks)


def test_one_ack_on_every_path(client: RawClient) -> None:
    """200 events of all kinds, sent at once, give 200 acks with their numbers."""
    kinds = [
        "get_coaches",
        "new_coach",
        "no_such_event",
        "mine",
        "mine_raises",
        "connect",
        "mine_exits",
        "get_connects",
    ]
    for number in range(200):
        client.emit(number, kinds[number % len(kinds)], *([] if number % 3 else [{}, {}, {}]))
    client.wait(lambda: len(client.acks) >= 200)
    assert {ack_id for _, ack_id, _ in client.acks} == set(range(200))
