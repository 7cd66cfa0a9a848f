"""Chromium, the built front end, and a seeded server on a port of its own for each test."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright
from werkzeug.serving import make_server

from sample_app import server
from sample_app.build import build
from sample_app.frontends import Frontends
from sample_app.server.app import create_app
from sample_app.server.seed import seed
from sample_app.serving import serve_sample

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
LEGACY_CLIENT = Path(server.__file__).parents[1] / "client"
MIGRATED_CLIENT = Path(server.__file__).parents[1] / "client_socket"


def find_chromium() -> str | None:
    """Return the browser that CHROMIUM names, or the first one on the PATH."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = find_chromium()
    if executable is None:
        pytest.fail("no Chromium: put one on the PATH or name it in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a fresh profile, of normal desk size; an uncaught error in it fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    found = list(errors)  # not what closing it does to calls under way
    context.close()
    assert found == []


@pytest.fixture(scope="session")
def legacy_dist() -> Path:
    """The legacy front end, built for /legacy/."""
    return build(LEGACY_CLIENT, base="/legacy/")


@pytest.fixture(scope="session")
def migrated_dist() -> Path:
    """The committed output of the client codemod, built."""
    return build(MIGRATED_CLIENT)


@pytest.fixture
def legacy_url(tmp_path: Path, legacy_dist: Path) -> Iterator[str]:
    """Where the legacy front end is to be opened, on a server that knows no sockets."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'fitness.db'}"})
    seed(app)
    wsgi = Frontends(app, {"/legacy": legacy_dist})
    http = make_server("127.0.0.1", 0, wsgi, threaded=True)
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}/legacy"
    http.shutdown()
    thread.join()


@pytest.fixture
def bridged_url(tmp_path: Path, legacy_dist: Path, migrated_dist: Path) -> Iterator[str]:
    """One server with both front ends over the same models: the migrated one here, the legacy one at /legacy."""
    with serve_sample(tmp_path / "fitness.db", {"/legacy": legacy_dist, "/": migrated_dist}) as served:
        yield served.url


@pytest.fixture
def traffic(page: Page) -> Traffic:
    """What the page sends, from now on."""
    return Traffic(page)


class Traffic:
    """The network log of a page: HTTP calls that are no files of the front end, and frames of its sockets."""

    def __init__(self, page: Page) -> None:
        self.calls: list[str] = []
        self.sent: list[str] = []
        page.on("request", self._request)
        page.on("websocket", lambda socket: socket.on("framesent", self._frame))

    def _request(self, request: Request) -> None:
        if (
            urlsplit(request.url).hostname == "127.0.0.1"
            and request.resource_type in ("fetch", "xhr", "other")
            and "/assets/" not in request.url
        ):
            self.calls.append(f"{request.method} {urlsplit(request.url).path}")

    def _frame(self, payload: str | bytes) -> None:
        if isinstance(payload, str) and payload.startswith("42"):
            self.sent.append(str(json.loads(payload[payload.index("[") :])[0]))
