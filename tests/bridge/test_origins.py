"""Who may connect from where, and what a set-up that cannot work is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from flask import Flask
from flask_socketio import SocketIO

from bridge import Bridge, BridgeError
from tests.support.raw_client import RawClient, Refused
from tests.support.serving import serving

Raw = Callable[..., RawClient]
FOREIGN = "http://evil.example"


def make_app(**options: Any) -> tuple[Flask, SocketIO]:
    app = Flask(__name__)
    app.add_url_rule("/coaches", "coaches", lambda: {"coaches": []})
    app.add_url_rule("/coaches", "new", lambda: {}, methods=["POST"])
    return app, SocketIO(app, **{"async_mode": "threading", **options})


def poll(url: str, origin: str) -> int:
    headers = {"Origin": origin}
    return requests.get(f"{url}/socket.io/?EIO=4&transport=polling", headers=headers, timeout=5).status_code


def ticket(url: str, origin: str) -> int:
    return requests.post(f"{url}/socket.io/ticket", data="x", headers={"Origin": origin}, timeout=5).status_code


def test_a_foreign_origin_is_refused(raw: Raw) -> None:
    """A page of another site may not connect by WebSocket, nor poll, nor redeem a ticket."""
    app, socketio = make_app()
    Bridge(app, socketio)
    with serving(app) as url:
        for origin in (FOREIGN, "null", url + ".evil.example", url.replace("http:", "https:"), "file://"):
            with pytest.raises(Refused):
                raw(url, headers={"Origin": origin})
            assert poll(url, origin) == 400
            assert ticket(url, origin) == 403
        assert raw(url, headers={"Origin": url}).call("get_coaches")["ok"]
        assert poll(url, url) == 200
        assert ticket(url, url) == 404


def test_a_slash_after_the_origin_is_no_part_of_it(raw: Raw) -> None:
    """create-react-app's proxy sends its target as the origin: `"proxy": "http://localhost:5555/"`."""
    app, socketio = make_app()
    Bridge(app, socketio)
    with serving(app) as url:
        assert (poll(url, f"{url}/"), ticket(url, f"{url}/")) == (200, 404)
        assert (poll(url, f"{FOREIGN}/"), ticket(url, f"{FOREIGN}/")) == (400, 403)


def test_a_listed_origin_is_accepted(raw: Raw) -> None:
    """An origin in cors_allowed_origins may connect, another may not."""
    app, socketio = make_app(cors_allowed_origins=["http://front.example"])
    Bridge(app, socketio)
    with serving(app) as url:
        assert raw(url, headers={"Origin": "http://front.example"}).call("get_coaches")["ok"]
        with pytest.raises(Refused):
            raw(url, headers={"Origin": FOREIGN})
        assert (ticket(url, "http://front.example"), ticket(url, FOREIGN)) == (404, 403)


@pytest.mark.parametrize("allowed", ["*", ["*"], [], ["http://front.example", "*"]])
def test_any_origin_is_refused_at_start_up(allowed: Any, raw: Raw) -> None:
    """Settings that let every site in are an error, unless the app says that it wants them."""
    app, socketio = make_app(cors_allowed_origins=allowed)
    with pytest.raises(BridgeError, match="allow_any_origin=True"):
        Bridge(app, socketio)
    Bridge(app, socketio, allow_any_origin=True)
    with serving(app) as url:
        assert raw(url, headers={"Origin": FOREIGN}).call("get_coaches")["ok"]


def test_socketio_must_be_there_first() -> None:
    """A Bridge before socketio.init_app says what to call first."""
    app = Flask(__name__)
    with pytest.raises(BridgeError, match=r"socketio\.init_app\(app\) before"):
        Bridge(app)
    with pytest.raises(BridgeError, match=r"socketio\.init_app\(app\) before"):
        Bridge(app, SocketIO())


def test_a_second_bridge_is_refused() -> None:
    """One app has one Bridge."""
    app, socketio = make_app()
    Bridge(app, socketio)
    with pytest.raises(BridgeError, match="already"):
        Bridge(app, socketio)


def test_another_async_mode_is_refused() -> None:
    """Threading and gevent are supported; eventlet is not."""
    app, socketio = make_app()
    socketio.server.eio.async_mode = "eventlet"
    with pytest.raises(BridgeError, match="async_mode='threading'"):
        Bridge(app, socketio)


def test_another_serializer_is_refused() -> None:
    """The bridge reads frames itself, so a msgpack server cannot be bridged."""
    app, socketio = make_app()

    class Packet(socketio.server.packet_class):  # type: ignore[misc,name-defined]
        pass

    socketio.server.packet_class = Packet
    with pytest.raises(BridgeError, match="serializer"):
        Bridge(app, socketio)


def test_a_db_of_another_app_is_refused() -> None:
    """A db that was not set up for the app is told at once."""
    app, socketio = make_app()
    with pytest.raises(BridgeError, match=r"db\.init_app"):
        Bridge(app, socketio, db=object())


def test_a_bridge_without_an_app_has_no_map() -> None:
    """Asking too early for the event map says what is missing."""
    with pytest.raises(BridgeError, match="init_app"):
        _ = Bridge().event_map


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ({("GET", "/coaches"): "connect"}, "reserved"),
        ({("GET", "/nowhere"): "get_it"}, "no route GET /nowhere"),
        ({("GET", "/coaches"): "same", ("POST", "/coaches"): "same"}, "would both be the event 'same'"),
    ],
)
def test_names_that_cannot_be_are_refused(names: dict[tuple[str, str], str], sentence: str) -> None:
    """A reserved name, a name for no route and a name for two routes are told."""
    app, socketio = make_app()
    with pytest.raises(BridgeError, match=sentence):
        _ = Bridge(app, socketio, names=names).event_map


def test_names_from_the_apps_config(raw: Raw) -> None:
    """BRIDGE_NAMES gives names as the ``names`` argument does."""
    app, socketio = make_app()
    app.config["BRIDGE_NAMES"] = {"GET /coaches": "all_coaches"}
    Bridge(app, socketio)
    with serving(app) as url:
        client = raw(url)
        assert client.call("all_coaches")["ok"]
        assert client.call("get_coaches", ack_id=2)["status"] == 404


def async_handler() -> Any:
    async def handler(data: Any) -> Any: ...

    return handler


@pytest.mark.parametrize(
    ("handler", "sentence"),
    [
        (async_handler(), "async"),
        (lambda: {}, None),
        (lambda data, id: {}, "write def"),
        (lambda data, *, required: {}, "write def"),
    ],
)
def test_native_handlers_that_cannot_be_called(handler: Any, sentence: str | None) -> None:
    """A native handler whose signature does not fit its route is told, with the one to write."""
    app, socketio = make_app()
    bridge = Bridge(app, socketio)
    bridge.event("new_coach", replaces=("POST", "/coaches"))(handler)
    if sentence is None:
        assert bridge.event_map.get("new_coach")
        return
    with pytest.raises(BridgeError, match=sentence):
        _ = bridge.event_map


def test_a_route_with_two_native_handlers_is_refused() -> None:
    """A second native handler for a route names the first."""
    app, socketio = make_app()
    bridge = Bridge(app, socketio)

    @bridge.event("new_coach", replaces=("POST", "/coaches"))
    def first(data: Any) -> Any:
        return data

    with pytest.raises(BridgeError, match="first"):
        bridge.event("again", replaces=("POST", "/coaches"))(lambda data: data)


def test_a_set_up_that_is_wrong_never_leaves_an_event_unanswered(raw: Raw) -> None:
    """A native handler for no route is told at the latest when a client connects: no emit waits for ever."""
    app, socketio = make_app()
    Bridge(app, socketio).event("nothing", replaces=("POST", "/nowhere"))(lambda data: data)
    with serving(app) as url:
        client = raw(url)
        if any(text.startswith("40") for text in client.others):
            assert client.call("get_coaches")["status"] in (200, 500)
