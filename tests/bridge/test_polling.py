"""HTTP long-polling carries the same events, acks and limits as the WebSocket does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from flask import Flask, request
from flask_restful import Api, Resource
from flask_socketio import SocketIO

from bridge import Bridge
from tests.support.clients import Client
from tests.support.processes import Served, served

Connect = Callable[..., Client]
SEPARATOR = "\x1e"


class Coaches(Resource):
    def get(self) -> Any:
        return {"cookie": request.cookies.get("tasty"), "agent": request.user_agent.string}

    def post(self) -> Any:
        return {"got": request.get_json()}, 201


def make_app(mode: str) -> Flask:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "test"
    Api(app).add_resource(Coaches, "/coaches")
    Bridge(app, SocketIO(app, async_mode=mode))
    return app


@pytest.fixture(scope="module", params=["threading", "gevent"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(make_app, request.param, tmp_path_factory.mktemp("server")) as running:
        yield running


class Poller:
    """Long-polling by hand."""

    def __init__(self, url: str, **headers: str) -> None:
        self.http = requests.Session()
        self.http.headers.update(headers)
        self.url = f"{url}/socket.io/?EIO=4&transport=polling"
        opened = self.http.get(self.url, timeout=5)
        assert opened.status_code == 200, opened.text
        self.url += "&sid=" + json.loads(opened.text[1:])["sid"]

    def post(self, *packets: str) -> int:
        """Return the status, 0 where there is none: python-engineio refuses when it is next polled."""
        try:
            return self.http.post(self.url, data=SEPARATOR.join(packets), timeout=1).status_code
        except requests.Timeout:
            return 0

    def poll(self) -> list[str]:
        return self.http.get(self.url, timeout=5).text.split(SEPARATOR)


@pytest.mark.parametrize("transports", [["polling"], ["polling", "websocket"]], ids=["stays", "upgrades"])
def test_polling_answers_events(server: Served, connect: Connect, client_kind: str, transports: list[str]) -> None:
    """A client that polls, or begins so, gets its acks."""
    client = connect(client_kind, server.url, transports=transports)
    for number in range(30):
        assert client.emit("new_coach", {"number": number})["data"] == {"got": {"number": number}}
    assert client.emit("no_such_event")["status"] == 404
    assert client.connected()


def test_more_than_16_packets_in_one_post(server: Served) -> None:
    """100 events in one POST are all answered: python-engineio alone drops the lot above 16."""
    poller = Poller(server.url)
    poller.post("40")
    assert poller.poll()[0].startswith("40")
    assert poller.post(*(f'42{number}["new_coach",{{"n":{number}}}]' for number in range(100))) == 200
    acks: list[str] = []
    while len(acks) < 100:
        acks += [packet for packet in poller.poll() if packet.startswith("43")]
    numbers = [int(packet[2 : packet.index("[")]) for packet in acks]
    assert numbers == list(range(100))


def test_headers_and_cookies_of_the_first_poll(server: Served) -> None:
    """An event carries the headers and cookies that its connection was opened with."""
    poller = Poller(server.url, **{"User-Agent": "poller/1", "Cookie": "tasty=yes"})
    poller.post("40", '421["get_coaches"]')
    packets: list[str] = []
    while not any(packet.startswith("431") for packet in packets):
        packets += poller.poll()
    ack = json.loads(next(packet for packet in packets if packet.startswith("431"))[3:])[0]
    assert ack["data"] == {"cookie": "yes", "agent": "poller/1"}


def test_a_post_that_is_too_large(server: Served, connect: Connect) -> None:
    """A POST above max_http_buffer_size is refused, and others are served."""
    poller = Poller(server.url)
    poller.post("40")
    assert poller.post('421["new_coach","' + "x" * 1_100_000 + '"]') in (0, 400)
    assert connect("python", server.url).emit("new_coach", {})["ok"]


@pytest.mark.parametrize("packet", ["450-", "4x", "", "9", '42["connect",{},{"token":"forged"}]', "bAAAA", "42["])
def test_nonsense_by_polling(server: Served, connect: Connect, packet: str) -> None:
    """Frames that make no sense do the server no harm."""
    poller = Poller(server.url)
    poller.post("40")
    poller.poll()
    poller.post(packet)
    assert connect("python", server.url, transports=["polling"]).emit("new_coach", {})["ok"]
