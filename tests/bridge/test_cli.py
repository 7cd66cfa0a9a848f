"""`fetch2socket events` and `serve`, and `flask bridge events`: what they print, and one clear line when it fails."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.clients import PythonClient

COMMAND = str(Path(sys.executable).with_name("fetch2socket"))
APP = """
from flask import Flask
from flask_restful import Api, Resource

print("an app that prints when it is imported")
app = Flask(__name__)

class Coaches(Resource):
    def get(self):
        return [{"name": "Maya"}]

Api(app).add_resource(Coaches, "/coaches")

def create_app():
    return app
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose server is in server/app.py, never edited for sockets."""
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "app.py").write_text(APP)
    return tmp_path


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *arguments], cwd=project, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("source", ["app:app", "app", "app:create_app", "app:create_app()"])
def test_events_as_json_are_nothing_but_json(project: Path, source: str) -> None:
    """Whatever the app prints on import, stdout is the event map, for an app, a module or a factory."""
    done = run(project, "events", source, "--app-dir", "server", "--format", "json")
    rows = json.loads(done.stdout)["events"]
    assert [(row["event"], row["method"], row["rule"]) for row in rows] == [("get_coaches", "GET", "/coaches")]


def test_events_into_a_file_and_back(project: Path) -> None:
    """A written map can be read in place of the app."""
    assert run(project, "events", "app:app", "--app-dir", "server", "-o", "events.json").stderr.endswith(
        "1 event written to events.json\n"
    )
    done = run(project, "events", "events.json")
    assert "get_coaches" in done.stdout
    assert done.stdout.endswith("\n1 event\n")
    assert "get_coaches: {}" in run(project, "events", "events.json", "--format", "typescript").stdout


def test_flask_bridge_events(project: Path) -> None:
    """`flask bridge events` shows the same map."""
    command = [str(Path(sys.executable).with_name("flask")), "--app", "app", "bridge", "events", "--format", "json"]
    done = subprocess.run(command, cwd=project / "server", capture_output=True, text=True, check=False)
    assert '"event": "get_coaches"' in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["events", "app:app"], "try --app-dir server"),
        (["events", "app:app", "--app-dir", "nowhere"], "no such folder"),
        (["events", "app:nothing", "--app-dir", "server"], "no Flask app"),
        (["events", "missing.json"], "no event map"),
        (["serve", "app:app"], "try --app-dir server"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(project: Path, arguments: list[str], words: str) -> None:
    """A mistake on the command line is told in one line that says what to do."""
    done = run(project, *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert words in done.stderr.strip().splitlines()[-1]


def test_a_file_that_is_no_event_map(project: Path) -> None:
    """A JSON file that is something else is told, with how to write a map."""
    (project / "events.json").write_text("[]")
    done = run(project, "events", "events.json")
    assert done.returncode == 2
    assert "fetch2socket events" in done.stderr


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(params=["threading", "gevent"])
def served(request: pytest.FixtureRequest, project: Path, port: int) -> Iterator[str]:
    command = [COMMAND, "serve", "app:app", "--app-dir", "server", "--port", str(port), "--mode", request.param]
    with (project / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=project, stdout=log, stderr=log)
    url, end = f"http://127.0.0.1:{port}", time.monotonic() + 15
    while time.monotonic() < end:
        try:
            requests.get(f"{url}/coaches", timeout=1)
            break
        except requests.ConnectionError:
            time.sleep(0.1)
    yield url
    process.terminate()
    process.wait(10)


def test_an_app_that_was_never_edited_answers_events(served: str) -> None:
    """`fetch2socket serve` puts events beside the routes of an app that knows nothing of them."""
    client = PythonClient(served)
    assert client.emit("get_coaches")["data"] == requests.get(f"{served}/coaches", timeout=5).json()

    client.socket.eio.disconnect()


def test_the_terminal_shows_what_is_served_and_no_warning(served: str, project: Path) -> None:
    """One line says what runs where, in words that fit its number."""
    log = (project / "log").read_text()
    assert f"1 event beside its routes on {served} (Ctrl-C stops)\n" in log
    assert "production" not in log
    assert "CTRL+C" not in log


def test_a_port_in_use(project: Path) -> None:
    """A port that is taken is one line, before the app is imported."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run(project, "serve", "app:app", "--app-dir", "server", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "in use" in done.stderr
