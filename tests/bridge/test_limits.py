"""One client cannot take more than its share: threads, order, in-flight events, message sizes, memory."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, jsonify, request
from flask_restful import Api, Resource
from flask_socketio import SocketIO

from bridge import Bridge
from tests.support.processes import Served, served
from tests.support.raw_client import CLOSE, PING, Gone, RawClient

Raw = Callable[..., RawClient]
WRITTEN: list[int] = []
NUMBERS = itertools.count()
WORKERS = 8
FEW = 100  # threads, where the app's own handlers may have a pool of their own


class Notes(Resource):
    def get(self) -> Any:
        return WRITTEN

    def post(self) -> Any:
        number = request.get_json()["number"]
        if number % 7 == 0:
            time.sleep(0.0005)  # gives later writes a chance to overtake
        WRITTEN.append(number)
        return {"number": number}, 201

    def delete(self) -> Any:
        WRITTEN.clear()
        return {}


class Slow(Resource):
    def get(self) -> Any:
        time.sleep(1)
        return {}

    def post(self) -> Any:
        time.sleep(1)
        return {}, 201


class Quick(Resource):
    def get(self) -> Any:
        return {"quick": True}


def make_app(mode: str, **options: Any) -> Flask:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "test"
    api = Api(app)
    socketio = SocketIO(app, async_mode=mode)
    api.add_resource(Notes, "/notes")
    api.add_resource(Slow, "/slow")
    api.add_resource(Quick, "/quick")

    @app.get("/large")
    def large() -> Any:
        return jsonify("x" * int(request.args.get("size", 100_000)))

    @app.post("/visit")
    def visit() -> Any:
        answer = jsonify({})
        answer.set_cookie("visit", str(next(NUMBERS)))
        return answer

    @socketio.on("mine")
    def mine(*args: Any) -> Any:
        return args[0] if args else None

    Bridge(app, socketio, **{"workers": WORKERS, "max_in_flight": 2500, **options})
    return app


def make_small(mode: str) -> Flask:
    return make_app(mode, max_in_flight=3)


def make_compressing(mode: str) -> Flask:
    return make_app(mode, compress=True)


@pytest.fixture(scope="module", params=["threading", "gevent"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(make_app, request.param, tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def other(server: Served, raw: Raw) -> Iterator[RawClient]:
    """Another client, which is still served when the test ends."""
    other = raw(server.url)
    yield other
    assert other.call("get_quick", ack_id=999_999)["ok"]
    assert raw(server.url).call("get_quick")["ok"]


def emit_from_a_thread(client: RawClient, event: str, bodies: list[Any]) -> threading.Thread:
    def emit() -> None:
        for number, body in enumerate(bodies):
            client.emit(number, event, *([] if body is None else [body]))

    thread = threading.Thread(target=emit)
    thread.start()
    return thread


def test_2000_writes_at_once(server: Served, other: RawClient, raw: Raw) -> None:
    """2,000 writes on one connection run in the order in which they were sent, each acked once, by few threads."""
    client = raw(server.url)
    other.call("delete_notes", ack_id=1)
    before = server.threads()
    thread = emit_from_a_thread(client, "new_note", [{"number": number} for number in range(2000)])
    most: list[int] = []
    watcher = threading.Thread(target=lambda: most.append(server.most_threads(60, lambda: len(client.acks) >= 2000)))
    watcher.start()
    client.wait(lambda: len(client.acks) >= 2000, timeout=60)
    client.listen(0.1)
    thread.join(60)
    watcher.join(60)
    assert sorted(ack_id for _, ack_id, _ in client.acks) == list(range(2000))
    assert all(values[0]["status"] == 201 for _, _, values in client.acks)
    assert other.call("get_notes", ack_id=2)["data"] == list(range(2000))
    assert most[0] <= before + WORKERS + 4


def test_2000_reads_and_own_events_at_once(server: Served, other: RawClient, raw: Raw) -> None:
    """Reads and the app's own events are answered by few threads too, one ack each."""
    client = raw(server.url)
    before = server.threads()
    for number in range(2000):
        client.emit(number, "mine" if number % 2 else "get_quick")
    most = server.most_threads(0.3, lambda: False)
    client.wait(lambda: len(client.acks) >= 2000, timeout=60)
    assert sorted(ack_id for _, ack_id, _ in client.acks) == list(range(2000))
    assert most <= before + FEW


def test_binary_events_at_once(server: Served, other: RawClient, raw: Raw) -> None:
    """Events with attachments are answered by few threads too."""
    client = raw(server.url)
    before = server.threads()
    frames = [f'451-{number}["mine",5,{{"_placeholder":true,"num":0}}]' for number in range(500)]

    def emit() -> None:
        for frame in frames:
            client.send(frame)
            client.frame(b"x", opcode=2)

    thread = threading.Thread(target=emit)
    thread.start()
    most = server.most_threads(1, lambda: not thread.is_alive())
    thread.join(30)
    client.wait(lambda: len(client.acks) >= 500, timeout=30)
    assert most <= before + FEW


def test_cookies_that_change_with_every_answer(server: Served, other: RawClient, raw: Raw) -> None:
    """Acks that wait for their ticket to be redeemed do not hold a thread each."""
    client = raw(server.url, connect='0{"bridge":1}')
    before = server.threads()
    thread = emit_from_a_thread(client, "visit", [None] * 600)
    most = server.most_threads(2, lambda: False)
    thread.join(30)
    assert most <= before + WORKERS + 4


@pytest.mark.parametrize("event", ["get_slow", "slow"])
def test_a_slow_resource_holds_nobody_up(server: Served, other: RawClient, raw: Raw, event: str) -> None:
    """While a Resource takes a second, the same connection's other reads and other clients are answered."""
    client = raw(server.url)
    client.emit(1, event)
    assert client.call("get_quick", ack_id=2)["ok"]
    assert other.call("get_quick", ack_id=1)["ok"]
    assert [ack_id for _, ack_id, _ in client.acks] == [2], "the slow one was faster"
    assert client.ack(1)["ok"]


def test_many_slow_reads_of_one_client_leave_workers_to_others(server: Served, other: RawClient, raw: Raw) -> None:
    """A client that asks for 30 slow answers at once does not keep another one waiting for them."""
    client = raw(server.url)
    for number in range(30):
        client.emit(number, "get_slow")
    assert other.call("get_quick", ack_id=1)["ok"]
    client.listen(0.01)
    assert client.acks == []


def test_many_clients_with_slow_reads_share_the_workers(server: Served, other: RawClient, raw: Raw) -> None:
    """Ten clients that ask for slow answers at once are answered by no more than ``workers`` threads."""
    clients = [raw(server.url) for _ in range(10)]
    before = server.threads()
    for client, number in itertools.product(clients, range(2)):
        client.emit(number, "get_slow")
    assert server.most_threads(0.5, lambda: False) <= before + WORKERS + 4
    for client in clients:
        client.wait(lambda client=client: len(client.acks) == 2)  # type: ignore[misc]


def test_many_slow_events_of_the_apps_own_do_not_stop_routes(tmp_path: Any, raw: Raw) -> None:
    """Handlers of the app's own that take their time, as background loops do, leave workers to the routes."""
    with served(make_looping, "threading", tmp_path) as server:
        loops, client = raw(server.url), raw(server.url)
        for number in range(20):
            loops.emit(number, "loop")
        loops.emit(99, "no_such_event")
        assert loops.ack(99)["status"] == 404  # so all of them have been taken in
        assert client.call("get_quick")["ok"]
        loops.listen(0.01)
        assert [ack_id for _, ack_id, _ in loops.acks] == [99]


def make_looping(mode: str) -> Flask:
    app = make_app(mode)
    socketio = app.extensions["socketio"]

    @socketio.on("loop")
    def loop() -> None:
        socketio.sleep(12)

    return app


def test_more_than_may_be_in_flight(tmp_path: Any, raw: Raw) -> None:
    """What exceeds ``max_in_flight`` is answered with 429 at once; afterwards there is room again."""
    with served(make_small, "threading", tmp_path) as server:
        client, other = raw(server.url), raw(server.url)
        for number in range(5):
            client.emit(number, "slow")
        client.wait(lambda: len(client.acks) == 2)
        assert [(ack_id, values[0]["status"]) for _, ack_id, values in client.acks] == [(3, 429), (4, 429)]
        assert other.call("get_quick")["ok"]
        client.wait(lambda: len(client.acks) == 5)
        assert [values[0]["status"] for _, _, values in client.acks[2:]] == [201, 201, 201]
        assert client.call("get_quick", ack_id=9)["ok"]


# -- sizes ------------------------------------------------------------------------------------------


def until_gone(client: RawClient, seconds: float = 5) -> str:
    """Return why the server closed the connection."""
    try:
        client.listen(seconds)
    except Gone as gone:
        return str(gone) or "cut"
    except ConnectionError as error:
        return type(error).__name__
    except ValueError:
        return "no WebSocket any more"  # Werkzeug takes what was still under way for HTTP, and answers that
    pytest.fail("the server kept the connection")


def send_to_a_server_that_may_hang_up(client: RawClient, payload: bytes, *, rsv1: bool = False) -> None:
    with contextlib.suppress(ConnectionError):
        client.frame(payload, rsv1=rsv1)


def test_a_frame_that_is_too_large(server: Served, other: RawClient, raw: Raw) -> None:
    """A message above max_http_buffer_size closes its connection cleanly, and only that one."""
    client = raw(server.url)
    send_to_a_server_that_may_hang_up(client, b'421["new_note","' + b"x" * 1_100_000 + b'"]')
    assert until_gone(client)


def test_a_message_that_is_too_large_in_many_frames(server: Served, other: RawClient, raw: Raw) -> None:
    """So does one that comes in fragments that are each small enough."""
    client = raw(server.url)
    peak = server.peak_megabytes()
    with contextlib.suppress(ConnectionError):
        client.frame(b"4", fin=False)
        for _ in range(300):
            client.frame(b"x" * 100_000, opcode=0, fin=False)
    assert until_gone(client)
    assert server.peak_megabytes() < peak + 12


def test_a_frame_that_claims_to_be_enormous(server: Served, other: RawClient, raw: Raw) -> None:
    """The length that a frame announces allocates nothing."""
    client, peak = raw(server.url), server.peak_megabytes()
    client.sock.sendall(b"\x81\xff\x00\x00\x00\x7f\xff\xff\xff\xff\0\0\0\0" + b"4" * 1000)
    time.sleep(0.2)
    assert server.peak_megabytes() < peak + 5


def deflated(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (packer.compress(b'421["new_note","' + b"x" * size + b'"]') + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]


@pytest.mark.parametrize("offers", [True, False], ids=["offered", "not offered"])
def test_an_inflating_frame(server: Served, other: RawClient, raw: Raw, offers: bool) -> None:
    """A frame that would inflate to 60 MB is refused, and is never inflated."""
    client, peak = raw(server.url, deflate=offers), server.peak_megabytes()
    assert not client.deflates
    send_to_a_server_that_may_hang_up(client, deflated(60_000_000), rsv1=True)
    assert until_gone(client)
    assert server.peak_megabytes() < peak + 12


@pytest.mark.parametrize("offers", [True, False], ids=["offered", "not offered"])
def test_an_inflating_frame_where_compression_is_on(tmp_path: Any, raw: Raw, offers: bool) -> None:
    """With ``compress=True`` such a frame is refused while it is being inflated."""
    with served(make_compressing, "threading", tmp_path) as server:
        client, other = raw(server.url, deflate=offers), raw(server.url)
        assert client.deflates is offers
        peak = server.peak_megabytes()
        send_to_a_server_that_may_hang_up(client, deflated(200_000_000), rsv1=True)
        assert until_gone(client)
        assert server.peak_megabytes() < peak + 30
        assert other.call("get_quick")["ok"]


def test_a_deflated_event_where_compression_is_on(tmp_path: Any, raw: Raw) -> None:
    """With ``compress=True`` a deflated event is read like any other."""
    with served(make_compressing, "threading", tmp_path) as server:
        client = raw(server.url, deflate=True)
        client.frame(deflated(100_000), rsv1=True)
        assert client.read_frame(5) is not None


@pytest.mark.parametrize("mode", ["threading", "gevent"])
@pytest.mark.parametrize("event", ["get_large", "mine", "no_such_event"])
def test_a_client_that_never_reads(tmp_path: Any, raw: Raw, mode: str, event: str) -> None:
    """A client that sends and never reads is cut off before its answers fill memory; others are served."""
    with served(make_narrow, mode, tmp_path) as server:
        client, other = raw(server.url), raw(server.url)
        assert other.call("get_quick", ack_id=1)["ok"]
        peak = server.peak_megabytes()
        assert sends_until_cut(client, event, seconds=40), "the server went on reading"
        assert other.call("get_quick", ack_id=2)["ok"]
        assert server.peak_megabytes() < peak + 100


def make_narrow(mode: str) -> Flask:
    return make_app(mode, max_in_flight=200)


def sends_until_cut(client: RawClient, event: str, seconds: float) -> bool:
    client.sock.settimeout(2)
    args = [{"size": 50_000}] if event == "get_large" else ["y" * 20_000]
    event += "y" * 20_000 if event == "no_such_event" else ""
    end = time.monotonic() + seconds
    try:
        for number in itertools.count():
            client.emit(number, event, *args)
            if time.monotonic() > end:
                return False
    except OSError:
        return True
    return False


def test_pings_during_a_large_answer(server: Served, other: RawClient, raw: Raw) -> None:
    """A WebSocket ping that comes while a large answer is on its way does not land inside that answer."""
    client = raw(server.url)
    client.emit(1, "get_large", {"size": 20_000_000})
    for _ in range(20):
        time.sleep(0.02)
        client.frame(b"ping", opcode=PING)
    assert client.ack(1)["data"] == "x" * 20_000_000


def test_a_clean_close_is_answered(server: Served, other: RawClient, raw: Raw) -> None:
    """A WebSocket close frame gets a close frame, and its connection's threads end."""
    before = server.threads()
    clients = [raw(server.url) for _ in range(5)]
    for client in clients:
        client.frame(b"\x03\xe8", opcode=CLOSE)
        assert until_gone(client)
        client.close()
    most = before + len(clients)  # Engine.IO's ping timer of each ends a little later
    end = time.monotonic() + 5
    while server.threads() > most and time.monotonic() < end:
        time.sleep(0.05)
    assert server.threads() <= most
