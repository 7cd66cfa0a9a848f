"""The client module, in Node: every emit ends in an answer, as every fetch does."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, jsonify, request
from flask_socketio import SocketIO, join_room, leave_room

import bridge
from bridge import Bridge
from tests.support.clients import Node
from tests.support.processes import served
from tests.support.swallowing import swallowing

MODULE = Path(bridge.__file__).parent / "client" / "socket.js"
NODE = Path(__file__).parents[1] / "support" / "node"


def notes_app(mode: str) -> Flask:
    app = Flask(__name__)
    notes: list[Any] = []

    @app.get("/notes")
    def list_notes() -> Any:
        return jsonify(notes)

    @app.post("/notes")
    def new_note() -> Any:
        notes.append(request.get_json())
        return jsonify(notes[-1]), 201

    @app.get("/slow")
    def slow() -> Any:
        time.sleep(20)
        return jsonify({})

    app.add_url_rule("/page", "page", lambda: ("<h1>500</h1>", 500))
    app.add_url_rule("/empty", "empty", lambda: ("", 204))
    app.add_url_rule("/refused", "refused", lambda: ({"error": "no"}, 422))
    Bridge(app, SocketIO(app, async_mode=mode, max_http_buffer_size=20_000))
    return app


def live_app(mode: str) -> Flask:
    """Notes that are pushed to those who asked for them, by hand, as the wire convention has it."""
    app = Flask(__name__)
    notes: list[Any] = []
    sockets = SocketIO(app, async_mode=mode)

    @app.post("/notes")
    def new_note() -> Any:
        notes.append(request.get_json())
        sockets.emit("notes", notes, to="notes")
        return jsonify(notes[-1]), 201

    @app.get("/subscribers")
    def subscribers() -> Any:
        return jsonify(len(list(sockets.server.manager.get_participants("/", "notes"))))

    @sockets.on("subscribe")
    def subscribe(name: str, options: Any = None) -> Any:
        if name != "notes":
            return {"ok": False, "status": 403, "data": None, "errors": f"no {name} for you"}
        join_room(name)
        return {"ok": True, "status": 200, "data": notes, "errors": None}

    @sockets.on("unsubscribe")
    def unsubscribe(name: str) -> None:
        leave_room(name)

    Bridge(app, sockets)
    return app


class Scenario:
    """A running scenario of module.mjs."""

    def __init__(self, folder: Path, name: str, url: str) -> None:
        shutil.copy(MODULE, folder / "socket.js")
        shutil.copy(NODE / "module.mjs", folder)
        (folder / "node_modules").symlink_to(NODE / "node_modules")
        (folder / "package.json").write_text('{"type": "module"}')
        self.process = subprocess.Popen(
            ["node", "module.mjs", name, url], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def say(self) -> Any:
        """Return the next thing that the scenario says; fails where it says nothing for a while."""
        line = self._lines.get(timeout=40)
        assert line, "the scenario ended"
        return json.loads(line)

    def go_on(self) -> None:
        """Let a scenario that waits for the test go on."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()


@pytest.fixture
def scenario(tmp_path: Path, node: Node) -> Iterator[Callable[[str, str], Scenario]]:
    """Return ``scenario(name, url)``; ``node`` has installed the packages that it needs."""
    started: list[Scenario] = []

    def start(name: str, url: str) -> Scenario:
        folder = tmp_path / name
        folder.mkdir()
        started.append(Scenario(folder, name, url))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.communicate()


Start = Callable[[str, str], Scenario]


def test_acks_come_by_callback_promise_and_timeout(scenario: Start, tmp_path: Path) -> None:
    """A plain callback, emitWithAck and an error-first callback each get the one ack."""
    with served(notes_app, "threading", tmp_path) as server:
        run = scenario("answers", server.url)
        assert run.say() == {"ok": True, "status": 201, "data": {"text": "a"}, "errors": None}
        assert run.say()["data"] == {"text": "b"}
        assert run.say() == {"error": None, "ok": True, "data": ["a", "b"]}


def test_a_broken_connection_answers_what_is_under_way(scenario: Start, tmp_path: Path) -> None:
    """When the server dies, a callback gets status 0, emitWithAck rejects, and json() throws."""
    with served(notes_app, "threading", tmp_path) as server:
        run = scenario("broken", server.url)
        assert run.say() == "asked"
        time.sleep(0.3)
    result = run.say()
    assert (result["ok"], result["status"], result["data"]) == (False, 0, None)
    assert run.say() == "rejected"
    assert run.say() == "SyntaxError"


def test_a_server_that_is_not_there_answers_at_once_and_gets_nothing_later(scenario: Start, tmp_path: Path) -> None:
    """What could not be sent fails as fetch would have, and is not sent behind the user's back later on."""
    with served(notes_app, "threading", tmp_path) as server:
        port = server.url.rpartition(":")[2]
    run = scenario("nobody", f"http://127.0.0.1:{port}")
    assert run.say()["status"] == 0
    assert run.say() == "rejected"
    with served(notes_app, "threading", tmp_path, port=int(port)):
        run.go_on()
        assert run.say() == ["kept"]


def test_what_waits_for_the_connection_is_a_snapshot(scenario: Start, tmp_path: Path) -> None:
    """A value that is changed after the emit is sent as it was."""
    with served(notes_app, "threading", tmp_path) as server:
        assert scenario("early", server.url).say() == {"text": "before"}


def test_a_payload_over_the_servers_limit_is_refused_before_it_is_sent(scenario: Start, tmp_path: Path) -> None:
    """Too large a body gets status 413 and the connection lives on; bytes count, not letters."""
    with served(notes_app, "threading", tmp_path) as server:
        run = scenario("large", server.url)
        assert run.say()["status"] == 413
        assert run.say()["status"] == 413
        assert run.say() == 201
        assert run.say() is True


@pytest.mark.parametrize("mark", [b"upgrade: websocket", b"\x81"], ids=["the request", "all frames"])
def test_a_websocket_that_nobody_answers_gives_way_to_polling(scenario: Start, tmp_path: Path, mark: bytes) -> None:
    """A proxy that swallows it costs the first connection some seconds, the next none, and no emit its answer."""
    with served(notes_app, "threading", tmp_path) as server, swallowing(server.url, mark) as url:
        start = time.monotonic()
        run = scenario("swallowed", url)
        assert run.say() == [201, "polling"]
        assert 5 < time.monotonic() - start < 15
        again = time.monotonic()
        assert run.say() == [201, "polling"]
        assert time.monotonic() - again < 3
        assert run.say() == ["a", "b"]


def test_json_does_what_response_json_does(scenario: Start, tmp_path: Path) -> None:
    """json() gives data whatever the status, and throws where there was no JSON."""
    with served(notes_app, "threading", tmp_path) as server:
        assert scenario("json", server.url).say() == [[], "SyntaxError", "SyntaxError", {"error": "no"}]


def test_subscribers_get_the_rows_now_and_after_each_change(scenario: Start, tmp_path: Path) -> None:
    """Callers share one subscription, which comes back with the connection and ends with its last caller."""
    with served(live_app, "threading", tmp_path) as server:
        port = int(server.url.rpartition(":")[2])
        run = scenario("live", server.url)
        assert run.say() == ["first", []]
        run.go_on()
        assert run.say() == ["first", ["a"]]
        run.go_on()
        assert run.say() == ["second", ["a"]]
        assert run.say() == ["second", ["a", "b"]]
        run.go_on()
    with served(live_app, "threading", tmp_path, port=port):
        run.go_on()
        assert run.say() == ["second", []]
        run.go_on()
        answer, listeners = run.say()
        assert (answer["data"], listeners) == (0, 0)


def test_a_refused_subscription_is_told_in_the_console(scenario: Start, tmp_path: Path) -> None:
    """Nobody is called with rows that there are not."""
    with served(live_app, "threading", tmp_path) as server:
        assert scenario("refused", server.url).say() == ['No live "secrets" (status 403):', "no secrets for you"]
