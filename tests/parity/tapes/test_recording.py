"""The whole way: an app of the user's is served, recorded, stopped, and read as steps."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from flask_socketio import SocketIO

from bridge import Bridge, BridgeError
from bridge.parity.steps import Earlier
from bridge.parity.tapes.recording import record
from bridge.parity.tapes.sequences import steps_of
from bridge.parity.tapes.tape import read_tape

APP = """
from flask import Flask, request
app = Flask(__name__)
rows = []

@app.post("/coaches")
def new():
    rows.append({"id": 40 + len(rows), **request.get_json()})
    return rows[-1], 201

@app.get("/coaches/<int:id>")
def coach(id):
    return rows[id - 40]
"""
RUN = """
import json, sys
from bridge.parity.tapes.recording import record
done = record("app:app", sys.argv[1], port=int(sys.argv[2]), mode=sys.argv[3], allow=["pin"], started=print)
print(json.dumps([done.calls, dict(done.passed_over)]))
"""


@contextmanager
def recording(folder: Path, mode: str = "threading") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run ``record`` in a process of its own, and give it and its URL once it answers."""
    (folder / "app.py").write_text(APP)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, "a.tape", str(port), mode],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for_port(port, process)
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate()


def wait_for_port(port: int, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 20
    while True:
        assert process.poll() is None, process.communicate()[1]
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < end
        time.sleep(0.02)


def ask(url: str) -> None:
    requests.post(f"{url}/coaches", json={"name": "Ann", "password": "hunter22", "pin": 1}, timeout=5)
    requests.get(f"{url}/coaches/40", timeout=5).raise_for_status()
    requests.get(f"{url}/favicon.ico", timeout=5)


@pytest.mark.parametrize("mode", ["threading", "gevent"])
def test_record_until_it_is_stopped(tmp_path: Path, mode: str) -> None:
    """Ctrl-C ends a recording, which says what is on the tape and what is not."""
    with recording(tmp_path, mode) as (process, url):
        ask(url)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert "Traceback" not in err
    assert out.splitlines()[0] == "2"  # events
    assert json.loads(out.splitlines()[-1]) == [2, {"no route of the map: GET /favicon.ico": 1}]
    [[new, get]] = steps_of(read_tape(tmp_path / "a.tape"))
    assert new.body == {"name": "Ann", "password": "$secret:1", "pin": 1}
    assert get.params == {"id": Earlier(0, ("id",), 40)}


def test_a_killed_recorder_and_one_behind_it(tmp_path: Path) -> None:
    """What was answered before a kill is on the tape; the next recording goes on behind it."""
    for _ in range(2):
        with recording(tmp_path) as (process, url):
            ask(url)
            process.kill()
    tape = read_tape(tmp_path / "a.tape")
    assert tape.problems == ()
    assert len(steps_of(tape)) == 2
    assert "hunter22" not in (tmp_path / "a.tape").read_text()


def test_the_examples_of_the_docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/tapes.md: what an app records by the first example, the second one reads."""
    page = (Path(__file__).parents[3] / "docs" / "tapes.md").read_text(encoding="utf-8")
    writing, reading = re.findall(r"```python\n(.*?)```", page, re.S)
    monkeypatch.chdir(tmp_path)
    app = Flask(__name__)
    app.add_url_rule("/login", "login", lambda: {"id": 3}, methods=["POST"])
    scope: dict[str, Any] = {"app": app, "bridge": Bridge(app, SocketIO(app, async_mode="threading"))}
    exec(compile(writing, "docs/tapes.md", "exec"), scope)
    body = {"name": "ann", "password": "x", "coupon_token": "A1", "favourite_colour": "red"}
    assert app.test_client().post("/login", json=body).json == {"id": 3}
    exec(compile(reading, "docs/tapes.md", "exec"), scope)
    [call] = scope["tape"].calls
    assert call.body == {"name": "ann", "password": "$secret:2", "coupon_token": "A1", "favourite_colour": "$secret:1"}
    assert [step.event for step in scope["sequences"][0]] == ["login"]


def test_wrong_use_is_told(tmp_path: Path) -> None:
    """A port that is taken, an app that is not there, and a file that is no tape are one line each."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(BridgeError, match="is in use"):
            record("app:app", tmp_path / "a.tape", port=taken.getsockname()[1])
    with pytest.raises(BridgeError, match="no_such_app"):
        record("no_such_app:app", tmp_path / "a.tape", port=0, app_dir=str(tmp_path))
