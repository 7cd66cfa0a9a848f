"""An event is a request of its own: hooks, contexts, database sessions, who asks and from where."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests
from flask import Flask, abort, g, has_request_context, jsonify, request
from flask_restful import Api, Resource
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.middleware.proxy_fix import ProxyFix

from bridge import Bridge
from tests.support.raw_client import RawClient
from tests.support.serving import serving

Raw = Callable[..., RawClient]


class Asked(Resource):
    """What a Resource can see of its request."""

    def get(self) -> Any:
        return {
            "endpoint": request.endpoint,
            "rule": str(request.url_rule),
            "remote": request.remote_addr,
            "host": request.host,
            "url": request.url,
            "scheme": request.scheme,
            "headers": {key: value for key, value in request.headers.items() if key not in CONNECTIONS_OWN},
        }

    def post(self) -> Any:
        return {"type": request.content_type, "length": request.content_length, "text": request.get_data(as_text=True)}


CONNECTIONS_OWN = ("Connection", "Accept-Encoding", "Cookie")


def make_app() -> Flask:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "test"
    Api(app).add_resource(Asked, "/asked", endpoint="asked_about")
    return app


def bridged(app: Flask, **options: Any) -> Flask:
    Bridge(app, SocketIO(app, async_mode="threading"), **options)
    return app


def test_an_event_looks_like_the_http_request(raw: Raw) -> None:
    """Endpoint, rule, address, host, scheme and headers are those of the same call over HTTP."""
    with serving(bridged(make_app())) as url:
        headers = {"User-Agent": "browser/1", "Accept-Language": "de", "Accept": "*/*", "X-Custom": "1"}
        over_http = requests.get(f"{url}/asked?a=1&b=%C3%BC", headers=headers, timeout=5).json()
        assert raw(url, headers=headers).call("get_asked", {"a": 1, "b": "ü"})["data"] == over_http
        assert over_http["endpoint"] == "asked_about"


def test_a_body_looks_like_the_http_body(raw: Raw) -> None:
    """A body arrives as the very text that the client wrote."""
    body = '{"z":1.0,"a":[12345678901234567890123,1e2],"ü":"\\u00fc","a":-0}'
    with serving(bridged(make_app())) as url:
        client = raw(url)
        client.send(f'421["asked",{body}]')
        assert client.ack(1)["data"] == {"type": "application/json", "length": len(body.encode()), "text": body}
        client.send(f'422["asked",{{}} , {body} ]')
        assert client.ack(2)["data"]["text"] == body
        assert client.call("asked", ack_id=3)["data"] == {"type": None, "length": 0, "text": ""}


def test_an_answer_arrives_as_the_resource_wrote_it(raw: Raw) -> None:
    """Big integers, 1.0 and the order of keys reach the client byte by byte."""
    text = '{"z": 1.0, "a": 12345678901234567890123, "e": 1e2, "b": [-0.0], "a2": "\\u00fc"}'
    app = make_app()
    app.add_url_rule("/exact", "exact", lambda: app.response_class(text, mimetype="application/json"))
    with serving(bridged(app)) as url:
        client = raw(url)
        client.emit(1, "get_exact")
        frames: list[bytes] = []
        while not any(frame.startswith(b"431") for frame in frames):
            frame = client.read_frame(5)
            assert frame is not None
            frames.append(frame[1])
        assert f'"data":{text},'.encode() in frames[-1]


def test_hooks_and_error_handlers_run(raw: Raw) -> None:
    """before_request, after_request, teardown and error handlers run once for each event."""
    app, seen = make_app(), []
    app.before_request(lambda: seen.append(("before", request.endpoint)))
    app.teardown_request(lambda error: seen.append(("teardown", error)))
    app.teardown_appcontext(lambda error: seen.append(("app teardown", error)))

    @app.after_request
    def after(response: Any) -> Any:
        seen.append(("after", response.status_code))
        response.headers["X-After"] = "1"
        return response

    @app.errorhandler(404)
    def missing(_error: Any) -> Any:
        return jsonify(error="nothing here"), 404

    @app.get("/missing")
    def gone() -> Any:
        abort(404)

    with serving(bridged(app)) as url:
        client = raw(url)
        seen.clear()
        assert client.call("get_missing")["errors"] == "nothing here"
        assert seen == [("before", "gone"), ("after", 404), ("teardown", None), ("app teardown", None)]


def test_a_hook_that_answers_keeps_the_resource_from_running(raw: Raw) -> None:
    """A before_request hook keyed on the endpoint guards the event as it guards the route."""
    app = make_app()

    @app.before_request
    def guard() -> Any:
        return ({"error": "log in"}, 401) if request.endpoint == "asked_about" else None

    with serving(bridged(app)) as url:
        ack = raw(url).call("get_asked")
        assert (ack["status"], ack["errors"]) == (401, "log in")


def test_g_does_not_leak(raw: Raw) -> None:
    """What one event puts into ``g`` no other event sees, nor is a context left behind."""
    app = make_app()

    @app.get("/counted")
    def counted() -> Any:
        g.count = g.get("count", 0) + 1
        return jsonify(g.count)

    with serving(bridged(app)) as url:
        client = raw(url)
        for number in range(50):
            client.emit(number, "get_counted")
        client.wait(lambda: len(client.acks) == 50)
        assert {values[0]["data"] for _, _, values in client.acks} == {1}
        assert not has_request_context()


COLOUR: contextvars.ContextVar[str] = contextvars.ContextVar("colour")


def test_context_variables_do_not_leak(raw: Raw) -> None:
    """A context variable set by one event is gone in the next, bridged or the app's own, on the same thread too."""
    app = make_app()
    socketio = SocketIO(app, async_mode="threading")

    @socketio.on("mine")
    def mine() -> Any:
        return painted()

    def painted() -> str:
        before = COLOUR.get("none")
        COLOUR.set("red")
        return before

    app.add_url_rule("/colour", "colour", lambda: jsonify(painted()))
    Bridge(app, socketio, workers=1)
    with serving(app) as url:
        client, other = raw(url), raw(url)
        assert [client.call("get_colour", ack_id=number)["data"] for number in (1, 2)] == ["none", "none"]
        for number in (1, 2):
            other.emit(number, "mine")
        other.wait(lambda: len(other.acks) == 2)
        assert [values for _, _, values in other.acks] == [["none"], ["none"]]
        assert client.call("get_colour", ack_id=3)["data"] == "none"


def test_the_database_session_does_not_leak() -> None:
    """What one event adds and does not commit is not in the session of the next."""
    app = make_app()
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db = SQLAlchemy(app)

    class Coach(db.Model):  # type: ignore[name-defined]
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]

    sessions: set[int] = set()
    threads: set[int] = set()

    class Coaches(Resource):
        def get(self) -> Any:
            return {"new": len(db.session.new), "rows": Coach.query.count()}

        def post(self) -> Any:
            sessions.add(id(db.session()))
            threads.add(threading.get_ident())
            db.session.add(Coach(name="Ana"))
            if request.get_json()["commit"]:
                db.session.commit()
            return {}, 201

    Api(app).add_resource(Coaches, "/coaches")
    bridged(app, db=db, workers=1)
    with app.app_context():
        db.create_all()
    with serving(app) as url:
        client = RawClient(url)
        for number, commit in enumerate([False, True, False]):
            client.call("new_coach", {"commit": commit}, ack_id=number)
        assert client.call("get_coaches", ack_id=9)["data"] == {"new": 0, "rows": 1}
        assert len(threads) == 1
        client.close()


FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "shop.example"}


@pytest.mark.parametrize("where", ["below", "above"])
def test_proxy_fix(raw: Raw, where: str) -> None:
    """ProxyFix works on events, whether it was put on the app before Flask-SocketIO or after the bridge."""
    app = make_app()
    app.add_url_rule("/folder/", "folder", lambda: jsonify(request.url))
    app.add_url_rule("/away", "away", lambda: app.redirect("https://shop.example/folder/"))
    app.add_url_rule("/astray", "astray", lambda: app.redirect("https://elsewhere.example/folder/"))

    def fix() -> None:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]

    if where == "below":
        fix()
    bridged(app)
    if where == "above":
        fix()
    with serving(app) as url:
        client = raw(url, headers=FORWARDED)
        data = client.call("get_asked")["data"]
        assert (data["remote"], data["url"]) == ("203.0.113.9", "https://shop.example/asked")
        assert client.call("get_folder", ack_id=2)["data"] == "https://shop.example/folder/"
        assert client.call("get_away", ack_id=3)["data"] == "https://shop.example/folder/", "the app's own host"
        assert client.call("get_astray", ack_id=4)["status"] == 302


def test_a_prefix(raw: Raw) -> None:
    """Under a SCRIPT_NAME, URLs, redirects and rules are as over HTTP."""
    app = make_app()
    app.add_url_rule("/folder/", "folder", lambda: jsonify([request.url, request.script_root]))
    app.add_url_rule("/away", "away", lambda: app.redirect("/shop/folder"))
    app.add_url_rule("/astray", "astray", lambda: app.redirect("/shopping/folder/"))
    bridged(app)
    inner = app.wsgi_app
    app.wsgi_app = lambda environ, start: inner({**environ, "SCRIPT_NAME": "/shop"}, start)  # type: ignore[method-assign]
    with serving(app) as url:
        client = raw(url)
        assert client.call("get_folder")["data"] == [f"{url}/shop/folder/", "/shop"]
        assert client.call("get_away", ack_id=2)["data"] == [f"{url}/shop/folder/", "/shop"]
        assert client.call("get_astray", ack_id=3)["status"] == 302, "another app of that host"


@pytest.mark.parametrize("debug", [True, False])
def test_exception_text_in_debug_only(raw: Raw, debug: bool) -> None:
    """In debug mode an ack says what was raised; otherwise nothing of it leaves the server."""
    app = make_app()
    app.debug = debug

    @app.get("/raises")
    def raises() -> Any:
        msg = "the inside"
        raise LookupError(msg)

    with serving(bridged(app)) as url:
        ack = raw(url).call("get_raises")
        assert ack["status"] == 500
        assert ("LookupError: the inside" in str(ack)) is debug
        assert ("the inside" in str(ack)) is debug


def test_headers_that_a_call_may_set(raw: Raw) -> None:
    """``$headers`` sets Authorization and its like, and ``$key`` the idempotency key."""
    with serving(bridged(make_app(), allow_headers=["X-Tenant"])) as url:
        client = raw(url)
        headers = {
            "Authorization": "Bearer abc",
            "X-CSRF-Token": "t",
            "if-match": '"1"',
            "X-Tenant": "a",
            "Accept": None,
        }
        seen = client.call("get_asked", {"$headers": headers, "$key": "k1", "page": 2})["data"]
        assert seen["url"].endswith("/asked?page=2")
        expected = {"Authorization": "Bearer abc", "X-Csrf-Token": "t", "If-Match": '"1"', "X-Tenant": "a"}
        assert seen["headers"].items() >= (expected | {"Idempotency-Key": "k1", "Accept": "*/*"}).items()
        again = client.call("get_asked", ack_id=2)["data"]
        assert "Authorization" not in again["headers"], "a header belongs to its call only"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Cookie": "session=forged"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"x-forwarded-host": "evil.example"},
        {"Origin": "http://evil.example"},
        {"Referer": "x"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Content-Length": "0"},
        {"Transfer-Encoding": "chunked"},
        {"X_Forwarded_For": "127.0.0.1"},
        {"X-Unknown": "1"},
        {"Authorization": "a\r\nX-Forwarded-For: 127.0.0.1"},
        {"Authorization": "a\n"},
        {"Authorization": "a\x00"},
        {"Authorization": ["a"]},
        {"Authorization": {"a": 1}},
        {"Authorization": "☃"},
        {"Authorization\r\n": "a"},
        {"": "a"},
        ["Authorization"],
        "Authorization: a",
    ],
)
def test_headers_that_a_call_may_not_set(url_of_refusals: str, raw: Raw, headers: Any) -> None:
    """Whatever says who asks and from where, and what is no header text, is refused with 400."""
    client = raw(url_of_refusals)
    assert client.call("get_asked", {"$headers": headers})["status"] == 400
    assert client.call("get_asked", ack_id=2)["ok"]


@pytest.fixture(scope="module")
def url_of_refusals() -> Any:
    with serving(bridged(make_app(), allow_headers=["X-Forwarded-For", "Cookie"])) as url:
        yield url


def test_a_header_of_the_call_stands_beside_those_of_the_connection(raw: Raw) -> None:
    """The handshake's Authorization is used, until a call brings its own."""
    with serving(bridged(make_app())) as url:
        client = raw(url, headers={"Authorization": "Basic abc"})
        assert client.call("get_asked")["data"]["headers"]["Authorization"] == "Basic abc"
        own = {"$headers": {"Authorization": "Bearer x"}}
        assert client.call("get_asked", own, ack_id=2)["data"]["headers"]["Authorization"] == "Bearer x"
