"""The Python clients, blocking and asyncio, over both transports, against a real server."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import requests
from flask import Flask

from bridge import BridgeError
from bridge.pyclient import CallError, Result, connect, connect_async
from tests.bridge.pyclient.conftest import RELEASE, make_app
from tests.support.serving import serving, threaded_server

TRANSPORTS = [("websocket",), ("polling",)]


class Blocking:
    def __init__(self, url: str, **options: Any) -> None:
        self.client = connect(url, **options)

    def call(self, *args: Any, **options: Any) -> Result:
        return self.client.call(*args, **options)

    def close(self) -> None:
        self.client.close()


class Asyncio:
    """The asyncio client on a loop of its own, so that one test reads for both."""

    def __init__(self, url: str, **options: Any) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.client = self._run(self._made(url, options))

    async def _made(self, url: str, options: dict[str, Any]) -> Any:
        return connect_async(url, **options)

    def _run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(20)

    def call(self, *args: Any, **options: Any) -> Result:
        result: Result = self._run(self.client.call(*args, **options))
        return result

    def close(self) -> None:
        self._run(self.client.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()


Open = Callable[..., Any]


def cut(app: Flask) -> None:
    """End all connections; not waited for, since python-engineio waits for what it could not send any more."""
    threading.Thread(target=app.extensions["socketio"].server.eio.disconnect, daemon=True).start()


@pytest.fixture(params=[Blocking, Asyncio])
def opened(request: pytest.FixtureRequest) -> Iterator[Open]:
    made = []

    def make(url: str, **options: Any) -> Any:
        made.append(request.param(url, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize("transports", TRANSPORTS)
def test_arguments_are_those_of_the_wire(url: str, opened: Open, transports: tuple[str, ...]) -> None:
    """One argument, two, and keywords arrive as the convention says; a path in the URL is no part of it."""
    sio = opened(f"{url}/api/v1", transports=transports)
    assert sio.call("get_coach", {"id": 3}).data == {"id": 3, "args": {}}
    assert sio.call("update_coach", {"id": 3}, {"name": "Ann"}).data == {"id": 3, "body": {"name": "Ann"}}
    assert sio.call("update_coach", {"id": 3, "name": "Ann"}).data["body"] == {"id": 3, "name": "Ann"}
    assert sio.call("update_coach", {"id": 3}, [1.0, None]).data["body"] == [1.0, None]
    assert sio.call("login", body={"name": "Ann"}).data == {"user": "Ann"}


def test_params_are_written_as_requests_writes_them(url: str, opened: Open) -> None:
    """None is left out, True is "True", a list repeats its key: what the server sees is the same."""
    params = {"a": True, "b": None, "c": [1, "x", None], "d": 1.5, "e": "ü &"}
    over_http = requests.get(f"{url}/coaches/3", params=params, timeout=5).json()
    assert opened(url).call("get_coach", params={"id": 3, **params}).json() == over_http


def test_the_methods_of_a_result(url: str, opened: Open) -> None:
    """json() and raise_for_status() do what those of requests do, and raise what they raise."""
    sio = opened(url)
    empty = sio.call("delete_coach", {"id": 3})
    assert (empty.ok, empty.status, empty.data) == (True, 204, None)
    for kind in (ValueError, requests.JSONDecodeError, requests.RequestException, CallError):
        with pytest.raises(kind, match="not JSON"):
            empty.json()
    page = sio.call("get_page")
    assert (page.data, page.get_json(), page.meta["type"]) == ("<h1>Hello</h1>", None, "text/html; charset=utf-8")
    missing = sio.call("get_coach", {"id": 300})
    assert (missing.ok, missing.status, missing.json()) == (False, 404, {"message": "no coach"})
    for caught in (requests.HTTPError, httpx.HTTPStatusError, CallError):
        with pytest.raises(caught, match="404 Client Error") as raised:
            missing.raise_for_status()
    assert raised.value.response is missing
    assert empty.raise_for_status() is empty
    with pytest.raises(TypeError, match=r"result\.ok"):
        bool(empty)


def test_a_call_that_takes_too_long(url: str, opened: Open) -> None:
    """A timeout, of the client or of one call, is Python's, requests' and httpx's own; the next call is answered."""
    sio = opened(url, timeout=0.3)
    for kind in (TimeoutError, requests.Timeout, httpx.TimeoutException):
        with pytest.raises(kind, match="get_slow was not answered"):
            sio.call("get_slow", timeout=0.1)
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        sio.call("get_slow")
    assert time.monotonic() - started < 5
    RELEASE.set()
    assert sio.call("get_coach", {"id": 3}).ok


def test_a_connection_keeps_a_login(url: str, opened: Open) -> None:
    """A login holds on its connection, and on the one that is opened for other headers."""
    sio = opened(url)
    sio.call("login", {"name": "Ann"})
    assert sio.call("get_login").data == {"user": "Ann", "token": None}
    sio.client.headers["Authorization"] = "Bearer t"
    assert sio.call("get_login").data == {"user": "Ann", "token": "Bearer t"}


def test_a_client_without_cookies_forgets_each_login(url: str, opened: Open) -> None:
    """With cookies=False every call is a stranger's, as with requests.get()."""
    sio = opened(url, cookies=False)
    assert sio.call("login", {"name": "Ann"}).data == {"user": "Ann"}
    assert sio.call("get_login").data["user"] is None


def test_headers_of_one_call(url: str, opened: Open) -> None:
    """$headers go with one call; a Content-Type that says JSON is no news."""
    sio = opened(url)
    headers = {"Authorization": "Bearer t", "Content-Type": "application/json"}
    assert sio.call("get_login", params={"$headers": headers}).data["token"] == "Bearer t"
    assert sio.call("get_login").data["token"] is None


def test_nobody_is_there(opened: Open) -> None:
    """A server that is not there is a ConnectionError of requests and httpx."""
    for kind in (requests.ConnectionError, httpx.ConnectError, CallError):
        with pytest.raises(kind, match="cannot connect to http://127"):
            opened("http://127.0.0.1:9").call("get_coach", {"id": 3})


def test_a_server_that_comes_back(opened: Open) -> None:
    """A call under way fails when the connection breaks; the next one connects anew, still logged in."""
    app = make_app()
    server = threaded_server(app)
    port = server.server_port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    sio = opened(f"http://127.0.0.1:{port}")
    sio.call("login", {"name": "Ann"})
    cut(app)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            assert sio.call("get_login").data["user"] == "Ann"
            break
        except requests.ConnectionError:
            time.sleep(0.02)
    else:
        pytest.fail("never connected again")
    server.shutdown()
    server.server_close()


def test_a_break_ends_a_call_at_once(opened: Open) -> None:
    """Nobody waits a whole timeout for an answer that cannot come."""
    app = make_app()
    with serving(app) as url:
        sio = opened(url)
        sio.call("get_coach", {"id": 3})
        RELEASE.clear()
        threading.Timer(0.2, cut, [app]).start()
        started = time.monotonic()
        with pytest.raises(requests.ConnectionError, match="broke before get_slow"):
            sio.call("get_slow")
        assert time.monotonic() - started < 5
        RELEASE.set()


def test_many_threads_share_a_client(url: str) -> None:
    """Each of 40 calls at once gets its own answer."""
    answers: dict[int, Any] = {}
    with connect(url) as sio:
        threads = [
            threading.Thread(target=lambda n=n: answers.update({n: sio.call("get_coach", {"id": n}).data["id"]}))
            for n in range(40)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
    assert answers == {n: n for n in range(40)}


def test_what_cannot_be_sent(url: str, opened: Open) -> None:
    """Wrong use is a TypeError or a BridgeError at once; what is too large is answered with 413, as over HTTP."""
    sio = opened(url)
    for args, options in [((1, 2, 3), {}), (({},), {"body": 1}), ((b"x",), {}), (({}, {"file": [b"x"]}), {})]:
        with pytest.raises(TypeError, match=r"write call\(event\)|only JSON values"):
            sio.call("update_coach", *args, **options)
    assert sio.call("update_coach", {"id": 3}, "x" * 1_000_001).status == 413
    assert sio.call("get_coach", {"id": 3}).ok
    with pytest.raises(BridgeError, match="scheme"):
        opened("localhost:5555")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the error says what to install."""
    monkeypatch.setattr("bridge.pyclient.connecting.find_spec", lambda _: None)
    for make in (connect, connect_async):
        with pytest.raises(BridgeError, match=r"pip install 'fetch2socket\[client\]'"):
            make("http://localhost:5555")


def test_errors_are_seen_without_the_other_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither requests nor httpx is loaded, an error is the helper's own."""
    import sys

    from bridge.pyclient.errors import CallTimeout, error

    monkeypatch.delitem(sys.modules, "requests")
    monkeypatch.delitem(sys.modules, "httpx")
    assert type(error(CallTimeout, "late")) is CallTimeout
    assert isinstance(error(CallTimeout, "late"), TimeoutError)


def test_in_process(url: str) -> None:
    """A test client of an app with a Bridge calls events, and shares its cookies with its HTTP requests."""
    app = make_app()
    client = app.test_client()
    assert client.call("update_coach", {"id": 3}, {"name": "Ann"}).json() == {"id": 3, "body": {"name": "Ann"}}
    assert client.call("get_coach", params={"id": 3, "q": True}).data["args"] == {"q": ["True"]}
    assert client.call("login", {"name": "Ann"}).ok
    assert client.get("/login").get_json()["user"] == "Ann"
    with client.session_transaction() as session:
        session["user"] = "Bo"
    assert client.call("get_login").data["user"] == "Bo"
    assert client.call("delete_coach", {"id": 3}).status == 204
    assert client.call("get_page").get_json() is None
    assert client.call("no_such_event").status == 404
    assert client.call("get_coach").data == {"message": "get_coach needs the path parameter 'id'"}


def test_in_process_a_native_handler_answers() -> None:
    """An event with a native handler is answered by that; HTTP still reaches the Resource."""
    app = make_app()

    @app.extensions["bridge"].event("get_coach", replaces=("GET", "/coaches/<int:id>"))
    def get_coach(id: int) -> Any:
        return {"native": id}

    client = app.test_client()
    assert client.call("get_coach", {"id": 3}).data == {"native": 3}
    assert client.get("/coaches/3").get_json()["id"] == 3


def test_in_process_keeps_the_apps_own_class() -> None:
    """An app with a class of its own for test clients keeps it, with ``call``; an app without a Bridge says so."""
    from flask.testing import FlaskClient
    from flask_socketio import SocketIO

    from bridge import Bridge
    from bridge.testing import SocketTestClient

    class Own(FlaskClient):
        pass

    app = Flask(__name__)
    app.test_client_class = Own
    Bridge(app, SocketIO(app, async_mode="threading"))
    assert isinstance(app.test_client(), Own)
    assert app.test_client().call("nothing").status == 404
    bare = Flask(__name__)
    bare.test_client_class = SocketTestClient
    with pytest.raises(BridgeError, match="no Bridge"):
        bare.test_client().call("get_coaches")


def test_serving_is_not_slowed_by_test_clients() -> None:
    """A server process loads no test client."""
    import subprocess
    import sys

    code = (
        "from flask import Flask; from flask_socketio import SocketIO; from bridge import Bridge; import sys;"
        "app = Flask('x'); Bridge(app, SocketIO(app, async_mode='threading'));"
        "assert 'bridge.testing' not in sys.modules and 'bridge.pyclient' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_same_over_a_real_server_and_in_process() -> None:
    """A test client's answers are those of a server."""
    app = make_app()
    with serving(app) as url, connect(url) as sio:
        client = app.test_client()
        for event, args in [
            ("get_coach", ({"id": 3},)),
            ("get_coach", ({"id": 300},)),
            ("get_coach", ({"id": "x"},)),
            ("update_coach", ({"id": 3}, {"a": 1.0})),
            ("update_coach", ({"id": 3}, None)),
            ("delete_coach", ({"id": 3},)),
            ("get_page", ()),
        ]:
            assert client.call(event, *args) == sio.call(event, *args), event
