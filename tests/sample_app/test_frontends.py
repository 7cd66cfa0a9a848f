"""Both front ends and the app on one port."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, request
from werkzeug.test import Client

from sample_app.frontends import Frontends

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FETCH = {"Accept": "*/*"}


@pytest.fixture
def client(tmp_path: Path) -> Client:
    for name in ("new", "legacy"):
        assets = tmp_path / name / "assets"
        assets.mkdir(parents=True)
        (tmp_path / name / "index.html").write_text(f"<title>{name}</title>")
        (assets / "index-abc.js").write_text(f"'{name}'")
    (tmp_path / "secret.txt").write_text("secret")
    app = Flask(__name__)

    @app.route("/", defaults={"path": ""}, methods=["GET", "POST", "PATCH"])
    @app.route("/<path:path>", methods=["GET", "POST", "PATCH"])
    def echo(path: str) -> str:
        return f"app {request.method} {request.full_path.rstrip('?')}"

    return Client(Frontends(app, {"/": tmp_path / "new", "/legacy": tmp_path / "legacy"}))


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "new"),
        ("/coaches/3", "new"),
        ("/legacy", "legacy"),
        ("/legacy/", "legacy"),
        ("/legacy/exercise_moves/3", "legacy"),
        ("/legacyish", "new"),
    ],
)
def test_navigation(client: Client, path: str, title: str) -> None:
    """A browser that opens a page gets the page of the mount, whatever the path."""
    answer = client.get(path, headers=PAGE)
    assert answer.text == f"<title>{title}</title>"
    assert answer.mimetype == "text/html"
    assert "no-cache" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/coaches/3", "/coaches/3"),
        ("/legacy/exercise_moves/3", "/exercise_moves/3"),
        ("/legacy/exercise_moves?focus=Full%20body", "/exercise_moves?focus=Full%20body"),
        ("/legacy/caf%C3%A9", "/café"),
        ("/legacy", "/"),
    ],
)
def test_fetch(client: Client, path: str, seen: str) -> None:
    """Whatever is no navigation reaches the app, without the prefix of the mount."""
    assert client.get(path, headers=FETCH).text == f"app GET {seen}"


def test_no_accept_header(client: Client) -> None:
    """A client that accepts nothing by name is no browser that opens a page."""
    assert client.get("/coaches").text == "app GET /coaches"
    assert client.get("/coaches", headers={"Accept": "text/html;q=0"}).text == "app GET /coaches"


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_writes_go_to_the_app(client: Client, method: str) -> None:
    """A write is never a page, even when it accepts HTML."""
    assert client.open("/legacy/login", method=method, headers=PAGE).text == f"app {method} /login"


def test_assets(client: Client) -> None:
    """A file that exists is served with its type and may be kept for ever; a second look costs nothing."""
    answer = client.get("/legacy/assets/index-abc.js", headers=FETCH)
    assert answer.text == "'legacy'"
    assert "javascript" in answer.mimetype
    assert "immutable" in answer.headers["Cache-Control"]
    etag = {**FETCH, "If-None-Match": answer.headers["ETag"]}
    assert client.get("/legacy/assets/index-abc.js", headers=etag).status_code == 304


def test_head(client: Client) -> None:
    """HEAD answers as GET does, without a body."""
    answer = client.head("/assets/index-abc.js", headers=FETCH)
    assert (answer.status_code, answer.data, answer.content_length) == (200, b"", 5)


@pytest.mark.parametrize("path", ["/legacy/../secret.txt", "/legacy/%2e%2e/secret.txt", "/..%5csecret.txt", "/%00"])
def test_no_way_out(client: Client, path: str) -> None:
    """No path leads out of the folder of a mount."""
    assert "secret" not in client.get(path, headers=PAGE).text
    assert client.get(path, headers=FETCH).text.startswith("app ")


def test_socket_io(client: Client) -> None:
    """Socket.IO's own path is the app's, even for somebody who opens it in a browser."""
    path = "/socket.io/?EIO=4&transport=polling"
    assert client.get(path, headers=PAGE).text == f"app GET {path}"


def test_unbuilt_front_end(tmp_path: Path) -> None:
    """Where a front end was not built, everything is the app's."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "app")
    assert Client(Frontends(app, {"/": tmp_path / "nothing"})).get("/", headers=PAGE).text == "app"
