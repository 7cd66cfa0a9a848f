"""Sampled reads are compared with what the Resource says, and nobody but the callback can tell."""

from __future__ import annotations

import json
import logging
import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import requests
from flask import Flask, jsonify, make_response, request, session
from flask.sessions import SecureCookieSession, SessionInterface
from flask_restful import Api, Resource
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text

from bridge import Bridge, BridgeError
from bridge.shadow import MOST, Shadow, ShadowCounts, Shadowed
from bridge.workers import ThreadRunner, WorkerPool
from tests.support.browser_like import BrowserLike
from tests.support.processes import served
from tests.support.serving import serving

Answer = Callable[[], Any]


class World:
    """An app with one GET and one POST that have both answers; what each answers is put in by the test."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.asked: list[str] = []
        self.results: queue.Queue[Shadowed] = queue.Queue()
        self.native: Answer = lambda: {"n": 1}
        self.resource: Answer = lambda: {"n": 1}
        self.app = Flask(__name__)
        self.app.secret_key = "test"
        self.app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{folder}/shadow.db"
        self.db = SQLAlchemy(self.app)
        with self.app.app_context():
            self.db.session.execute(text("CREATE TABLE rows (name TEXT)"))
            self.db.session.commit()
        world = self

        class Rows(Resource):
            def get(self) -> Any:
                return world.say("resource", world.resource)

            def post(self) -> Any:
                return world.say("resource", world.resource)

        class Row(Resource):
            def get(self, id: int) -> Any:
                return {"id": id, "query": request.args, "lang": request.headers["Accept-Language"]}

        class Session(Resource):
            def get(self) -> Any:
                return {"visits": session.get("visits", 0)}

        for resource, rule in ((Rows, "/rows"), (Row, "/rows/<int:id>"), (Session, "/session")):
            Api(self.app).add_resource(resource, rule)
        self.bridge = Bridge(
            self.app,
            SocketIO(self.app, async_mode="threading"),
            **{"shadow": 1.0, "on_shadow": self.results.put, **options},
        )
        self.bridge.event("get_rows", replaces=("GET", "/rows"))(lambda: self.say("native", self.native))
        self.bridge.event("new_row", replaces=("POST", "/rows"))(lambda data: self.say("native", self.native))

        @self.bridge.event("get_row", replaces=("GET", "/rows/<int:id>"))
        def get_row(id: int) -> Any:
            return {"id": id, "query": request.args, "lang": request.headers["Accept-Language"]}

    def say(self, who: str, answer: Answer) -> Any:
        self.asked.append(who)
        return answer()

    def rows(self) -> list[str]:
        with self.app.app_context():
            return [row[0] for row in self.db.session.execute(text("SELECT name FROM rows"))]

    def result(self) -> Shadowed:
        return self.results.get(timeout=10)

    def counts(self) -> ShadowCounts:
        counts = self.bridge.shadow_counts
        assert counts is not None
        return counts


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def client(world: World) -> Iterator[BrowserLike]:
    with serving(world.app) as url:
        browser = BrowserLike(url, redeems=False).open()
        yield browser
        browser.close()


def test_equal_answers_are_told(world: World, client: BrowserLike) -> None:
    """The callback is given each comparison, with how long each of the two took."""
    assert client.emit("get_rows")["data"] == {"n": 1}
    result = world.result()
    assert (result.event, result.method, result.rule) == ("get_rows", "GET", "/rows")
    assert (result.equal, result.path, result.native, result.resource) == (True, "", "", "")
    assert 0 < result.seconds_native < 5
    assert 0 < result.seconds_resource < 5
    assert world.asked == ["native", "resource"]
    assert world.counts() == ShadowCounts(sampled=1, compared=1)


@pytest.mark.parametrize(
    ("native", "resource", "told"),
    [
        ([{"id": 1}], [{"id": "1"}], ("$.data[0].id", "1", '"1"')),
        ({"n": 1}, {"n": 1.0}, ("$.data.n", "1", "1.0")),
        ({"n": None}, {}, ("$.data.n", "null", "")),
        (({"n": 1}, 201), {"n": 1}, ("$.status", "201", "200")),
        ([1, 2], [2, 1], ("$.data[0]", "1", "2")),
        ({"t": "x" * 1000}, {"t": ""}, ("$.data.t", '"' + "x" * 498 + "…", '""')),
    ],
)
def test_a_mismatch_is_told_with_its_first_path(
    world: World, client: BrowserLike, native: Any, resource: Any, told: tuple[str, str, str]
) -> None:
    """Type-strict, cut to a bound, and read twice before it is told: the second time in the other order."""
    world.native, world.resource = lambda: native, lambda: resource
    client.emit("get_rows")
    result = world.result()
    assert not result.equal
    assert (result.path, result.native, result.resource) == told
    assert world.asked == ["native", "resource", "resource", "native"]
    assert world.counts().mismatched == 1


def test_text_and_an_empty_body_differ_by_type(world: World, client: BrowserLike) -> None:
    """What is no JSON is compared with its content type."""
    world.native, world.resource = lambda: make_response(""), lambda: make_response("", {"Content-Type": "text/plain"})
    client.emit("get_rows")
    assert world.result().equal
    world.resource = lambda: make_response("null", {"Content-Type": "application/json"})
    client.emit("get_rows")
    assert (world.result().path, world.counts().mismatched) == ("$.type", 1)


def test_what_changes_between_the_two_readings_is_no_mismatch(world: World, client: BrowserLike) -> None:
    """A row that somebody adds right after the native handler has answered shows in one pair of answers only."""
    rows = [1]

    def resource() -> Any:
        if len(rows) == 1:
            rows.append(2)
        return list(rows)

    world.native, world.resource = lambda: list(rows), resource
    client.emit("get_rows")
    assert world.result().equal
    assert world.asked == ["native", "resource", "resource", "native"]


def test_a_clock_in_an_answer_is_no_mismatch(world: World, client: BrowserLike) -> None:
    """Where the Resource never says the same twice nothing is told; what differs beside that is."""
    ticks = iter(range(1000))
    world.native = world.resource = lambda: {"now": [next(ticks)], "n": 1}
    client.emit("get_rows")
    assert world.result().equal
    world.resource = lambda: {"now": [next(ticks)], "n": 2}
    client.emit("get_rows")
    assert world.result().path == "$.data.n"


def test_the_resource_is_asked_once_the_client_has_its_answer(world: World, client: BrowserLike) -> None:
    """A Resource that hangs keeps no ack back, nor the next event."""
    goes_on = threading.Event()

    def slow() -> Any:
        assert goes_on.wait(10)
        return {"n": 1}

    world.resource = slow
    try:
        assert client.emit("get_rows")["data"] == {"n": 1}
        wait_for(lambda: world.asked == ["native", "resource"])
        assert client.emit("get_rows")["data"] == {"n": 1}
        assert world.results.empty()
    finally:
        goes_on.set()
    assert world.result().equal


def test_what_does_not_fit_into_the_pool_is_dropped_and_counted(world: World, client: BrowserLike) -> None:
    """So many samples wait at most; reads go on, and later samples are compared again."""
    goes_on = threading.Event()

    def slow() -> Any:
        assert goes_on.wait(10)
        return {"n": 1}

    world.resource = slow
    try:
        for _ in range(MOST + 5):
            assert client.emit("get_rows")["ok"]
        wait_for(lambda: world.counts().dropped == 5)
        assert world.counts().sampled == MOST + 5
    finally:
        goes_on.set()
    wait_for(lambda: world.counts().compared == MOST)
    client.emit("get_rows")
    wait_for(lambda: world.counts().compared == MOST + 1)


def test_writes_are_never_asked_twice(world: World, client: BrowserLike) -> None:
    """A POST with a native handler is answered once, whatever the share."""
    assert client.emit("new_row", {})["ok"]
    client.emit("get_rows")
    world.result()
    assert world.asked == ["native", "native", "resource"]
    assert world.counts().sampled == 1


def add_row(world: World) -> None:
    world.db.session.execute(text("INSERT INTO rows VALUES ('x')"))
    world.db.session.commit()


def test_a_native_read_that_writes_is_left_out_from_then_on(
    world: World, client: BrowserLike, caplog: pytest.LogCaptureFixture
) -> None:
    """Its Resource is not even asked the first time; that is said once."""

    def native() -> Any:
        add_row(world)
        return {"n": 1}

    world.native = native
    for _ in range(3):
        client.emit("get_rows")
        wait_for(lambda: world.counts().writing == ("GET /rows",))
    assert world.asked == ["native"] * 3
    assert world.rows() == ["x"] * 3
    warned = [one.getMessage() for one in caplog.records if "compared" in one.getMessage()]
    assert warned == ["GET /rows is not compared any more: its native handler writes to the database"]
    assert world.counts() == ShadowCounts(sampled=1, writing=("GET /rows",))


@pytest.mark.parametrize("catches", [False, True])
def test_a_resource_that_would_write_does_not(
    world: World, client: BrowserLike, catches: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Its statement is refused before it is executed, whether the Resource hides that or not; no mismatch is told."""

    def resource() -> Any:
        try:
            add_row(world)
        except Exception:
            if not catches:
                raise
            world.db.session.rollback()
        return {"n": 2}

    world.resource = resource
    client.emit("get_rows")
    wait_for(lambda: world.counts().writing == ("GET /rows",))
    client.emit("get_rows")
    assert world.rows() == []
    assert world.asked == ["native", "resource", "native"]
    assert world.results.empty()
    assert "GET /rows is not compared any more: its Resource writes to the database" in caplog.text
    requests.get(f"{client.url}/rows", timeout=5).raise_for_status()
    assert world.rows() == ["x"]  # over HTTP it goes on writing


def test_the_same_is_asked_as_the_same(world: World, client: BrowserLike) -> None:
    """Path, query and headers of the call are the Resource's too; what a call is refused for is not compared."""
    ack = client.emit("get_row", {"id": 7, "q": ["a", 1], "$headers": {"Accept-Language": "tlh"}})
    assert ack["data"] == {"id": 7, "query": {"q": "a"}, "lang": "tlh"}
    assert world.result().equal
    assert client.emit("get_row", {})["status"] == 400
    client.emit("get_rows")
    assert world.result().event == "get_rows"


class InMemory(SessionInterface):
    """Sessions that the server keeps, as Flask-Session does."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def open_session(self, app: Flask, request: Any) -> Any:
        return SecureCookieSession(self.kept.get(request.cookies.get("sid", ""), {}))

    def save_session(self, app: Flask, session: Any, response: Any) -> None:
        self.kept["1"] = dict(session)
        response.set_cookie("sid", "1")


@pytest.mark.parametrize("kept_by", ["browser", "server"])
def test_cookies_and_session_are_not_touched(world: World, client: BrowserLike, kept_by: str) -> None:
    """A Resource that counts visits counts none; it is asked with the cookies of before the native handler."""
    if kept_by == "server":
        world.app.session_interface = InMemory()
    seen: list[Any] = []

    def native() -> Any:
        session["visits"] = session.get("visits", 0) + 1
        return {"n": 1}

    def resource() -> Any:
        seen.append(session.get("visits", 0))
        session["visits"] = 1000
        return make_response(jsonify(n=1), {"Set-Cookie": "planted=1; Path=/"})

    world.native, world.resource = native, resource
    for _ in range(3):
        client.emit("get_rows")
        assert world.result().equal
    # What the server keeps is as it is by then, but for the first visit, which had no cookie yet.
    assert seen == ([0, 1, 2] if kept_by == "browser" else [0, 2, 3])
    world.native = lambda: dict(request.cookies)
    world.resource = world.native
    assert "planted" not in client.emit("get_rows")["data"]
    assert client.emit("get_session")["data"] == {"visits": 3}


def test_a_shadow_reads_cookies_end_with_it(world: World, client: BrowserLike) -> None:
    """Not even the second reading of the Resource has the cookies that the first one was given."""
    seen: list[dict[str, str]] = []

    def resource() -> Any:
        seen.append(dict(request.cookies))
        return make_response(jsonify(n=2), {"Set-Cookie": "planted=1; Path=/"})

    world.resource = resource
    client.emit("get_rows")
    assert world.result().path == "$.data.n"
    assert ["planted" in cookies for cookies in seen] == [False, False]


def test_the_app_can_tell_a_shadow_read(world: World, client: BrowserLike) -> None:
    """A hook that counts requests finds the key in the environ, in shadow reads only."""
    seen: list[bool] = []
    world.app.before_request(lambda: seen.append("bridge.shadow" in request.environ))
    client.emit("get_rows")
    world.result()
    client.emit("get_session")
    assert seen == [False, True, False]


def test_a_callback_that_raises_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It ends nothing: the next sample is compared."""
    done = threading.Semaphore(0)

    def raises(_result: Shadowed) -> None:
        done.release()
        raise ValueError

    world = World(tmp_path, on_shadow=raises)
    with serving(world.app) as url:
        client = BrowserLike(url, redeems=False).open()
        for _ in range(3):
            assert client.emit("get_rows")["ok"]
            assert done.acquire(timeout=10)
        client.close()
    wait_for(lambda: caplog.text.count("on_shadow raised for get_rows") == 3)


def test_without_a_callback_mismatches_are_logged_without_their_values(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The log has route and path, and nothing of an answer."""
    world = World(tmp_path, on_shadow=None)
    world.native, world.resource = lambda: {"n": "private-1"}, lambda: {"n": "private-2"}
    with serving(world.app) as url, caplog.at_level(logging.WARNING, "bridge"):
        client = BrowserLike(url, redeems=False).open()
        client.emit("get_rows")
        wait_for(lambda: "GET /rows (get_rows): the native handler and the Resource differ at $.data.n" in caplog.text)
        client.close()
    assert "private" not in caplog.text


def test_a_resource_that_fails_is_a_mismatch(world: World, client: BrowserLike) -> None:
    """An exception is an answer as well: the 500 that HTTP gives."""
    world.resource = lambda: 1 / 0
    client.emit("get_rows")
    assert (world.result().path, world.counts().mismatched) == ("$.status", 1)


def test_a_route_without_its_resource_is_not_compared() -> None:
    """Where HTTP no longer has the route there is nothing to compare with; a redirect to one is followed."""
    app = Flask(__name__)
    results: queue.Queue[Shadowed] = queue.Queue()
    bridge = Bridge(app, SocketIO(app, async_mode="threading"), shadow=1.0, on_shadow=results.put)
    app.add_url_rule("/old", "old", lambda: ("", 302, {"Location": "/gone"}))
    bridge.event("get_gone", replaces=("GET", "/gone"), endpoint="gone", resource=None)(lambda: {"n": 1})
    bridge.event("get_old", replaces=("GET", "/old"))(lambda: {"n": 1})
    with serving(app) as url:
        client = BrowserLike(url, redeems=False).open()
        assert client.emit("get_gone")["data"] == {"n": 1}
        assert client.emit("get_old")["data"] == {"n": 1}
        client.close()
        result = results.get(timeout=10)
    assert (result.event, result.equal) == ("get_old", True)
    assert bridge.shadow_counts == ShadowCounts(sampled=1, compared=1)


def test_the_share_is_kept_and_can_be_repeated() -> None:
    """A seeded generator samples the same reads each time, about as many as the share says."""
    app = Flask(__name__)
    app.add_url_rule("/x", "x", lambda: {})
    bridge = Bridge(app, SocketIO(app, async_mode="threading"))
    bridge.event("get_x", replaces=("GET", "/x"))(lambda: {})
    found = bridge.route_of(app, "get_x")
    assert found is not None

    class Jar:
        def forgetful(self) -> tuple[Any, Any]:
            return self, self

    def sampled(seed: int) -> list[bool]:
        shadow = Shadow(app, 0.1, print, WorkerPool(1, ThreadRunner()), Random(seed).random)
        shadow.learn({("GET", "/x")}, None)
        return [shadow.sample(None, found[0], found[1], Jar()) is not None for _ in range(1000)]  # type: ignore[arg-type]

    assert sampled(1) == sampled(1) != sampled(2)
    assert 60 < sum(sampled(1)) < 140


def test_off_costs_nothing() -> None:
    """By default not even the module is loaded."""
    program = (
        "import sys; from flask import Flask; from flask_socketio import SocketIO; from bridge import Bridge\n"
        "app = Flask('x'); bridge = Bridge(app, SocketIO(app, async_mode='threading'))\n"
        "print(bridge.shadow_counts, [name for name in sys.modules if 'shadow' in name or 'differing' in name])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "None []\n"


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan")])
def test_a_share_is_from_0_to_1(share: float) -> None:
    """A percentage by mistake is told when the Bridge is made."""
    with pytest.raises(BridgeError, match="from 0 to 1"):
        Bridge(shadow=share)


def test_the_example_of_the_docs(tmp_path: Path) -> None:
    """docs/shadow.md: its lines, run as they stand, print where the two answers differ."""
    page = (Path(__file__).parents[2] / "docs" / "shadow.md").read_text(encoding="utf-8")
    example, printed = re.findall(r"```(?:python|text)\n(.*?)```", page, re.S)[:2]
    app = Flask(__name__)
    app.add_url_rule("/coaches", "coaches", lambda: jsonify([{"name": "Maya", "seats": 4}]))
    lines: queue.Queue[str] = queue.Queue()
    scope: dict[str, Any] = {"app": app, "socketio": SocketIO(app, async_mode="threading"), "print": lines.put}
    exec(compile(example, "docs/shadow.md", "exec"), scope)
    scope["bridge"].event("get_coaches", replaces=("GET", "/coaches"))(lambda: [{"name": "Maya", "seats": "4"}])
    with serving(app) as url:
        client = BrowserLike(url, redeems=False).open()
        wait_for(lambda: client.emit("get_coaches")["ok"] and not lines.empty())  # one read in two is sampled
        client.close()
    assert lines.get() == printed.strip()


def make_app(mode: str) -> Flask:
    """An app for a server in a process of its own; ``/told`` waits for the next result."""
    told: queue.Queue[Shadowed] = queue.Queue()
    app = Flask(__name__)
    bridge = Bridge(app, SocketIO(app, async_mode=mode), shadow=1.0, on_shadow=told.put)
    app.add_url_rule("/rows", "rows", lambda: {"n": [1]})
    app.add_url_rule("/told", "told", lambda: {"path": told.get(timeout=10).path})
    bridge.event("get_rows", replaces=("GET", "/rows"))(lambda: {"n": [2]})
    return app


@pytest.mark.parametrize("mode", ["threading", "gevent"])
def test_in_both_modes(mode: str, tmp_path: Path) -> None:
    """Threads or greenlets: reads are compared beside the events that go on."""
    with served(make_app, mode, tmp_path) as server:
        client = BrowserLike(server.url, redeems=False).open()
        for _ in range(3):
            assert client.emit("get_rows")["data"] == {"n": [2]}
            assert client.emit("get_told")["data"] == {"path": "$.data.n[0]"}
        client.close()
        assert json.loads(requests.get(f"{server.url}/rows", timeout=5).text) == {"n": [1]}
