"""An event's ack says what HTTP says on the same server, call for call."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
import requests
from flask import Blueprint, Flask, Response, abort, jsonify, make_response, request
from flask_restful import Api, Resource, fields, marshal_with, reqparse
from flask_socketio import SocketIO
from marshmallow import Schema, ValidationError
from marshmallow import fields as ma
from werkzeug.routing import BaseConverter

from bridge import Bridge
from tests.support.raw_client import RawClient
from tests.support.serving import serving


class Ack(NamedTuple):
    """What both transports are compared by."""

    ok: bool
    status: int
    data: Any
    kind: str | None  # the content type, where the answer is no JSON


def as_http(url: str, method: str, path: str, body: Any = None, **headers: str) -> Ack:
    """Return what ``fetch(path, {method, body})`` gives; ``body`` is a value, None for none."""
    text = None if body is None else json.dumps(body)
    if text is not None:
        headers["Content-Type"] = "application/json"
    answer = requests.request(method, url + path, data=text, headers=headers, timeout=5)
    try:
        return Ack(200 <= answer.status_code <= 299, answer.status_code, strict(answer.content), None)
    except ValueError:
        kind = answer.headers.get("Content-Type", "") if answer.content else ""
        return Ack(200 <= answer.status_code <= 299, answer.status_code, answer.text or None, kind)


def strict(content: bytes) -> Any:
    def refuse(name: str) -> None:
        raise ValueError(name)

    return json.loads(content.decode("utf-8-sig"), parse_constant=refuse)


def as_event(client: RawClient, number: int, event: str, *args: Any) -> Ack:
    """Return what ``socket.emit(event, ...args, ack)`` gives."""
    ack = client.call(event, *args, ack_id=number)
    return Ack(ack["ok"], ack["status"], ack["data"], ack.get("meta", {}).get("type"))


def shouting(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def shout(*args: Any, **kwargs: Any) -> Any:
        answer = method(*args, **kwargs)
        return {key: str(value).upper() for key, value in answer.items()}

    return shout


class Coach(Schema):
    name = ma.String(required=True)
    age = ma.Integer()


class Coaches(Resource):
    def get(self) -> Any:
        return [{"id": 1, "name": "Maya"}, {"id": 2, "name": "Ümit ☃"}], 200, {"X-Total": "2"}

    def post(self) -> Any:
        try:
            return Coach().load(request.get_json()), 201
        except ValidationError as error:
            return {"errors": error.messages}, 422


class OneCoach(Resource):
    def get(self, id: int) -> Any:
        if id == 404:
            abort(404, description="no such coach")
        return {"id": id, "query": request.args.to_dict(flat=False)}

    def patch(self, id: int) -> Any:
        return {"id": id, "changes": request.get_json()}

    def put(self, id: int) -> Any:
        return {"id": id, "text": request.get_data(as_text=True)}

    def delete(self, id: int) -> Any:
        return {"gone": id}, 204 if id == 1 else 200


class Plans(Resource):
    def get(self, id: int, plan: str) -> Any:
        return {"id": id, "plan": plan}

    def head(self, id: int, plan: str) -> Any:
        return {}, 200

    def options(self, id: int, plan: str) -> Any:
        return {"options": plan}


class Decorated(Resource):
    method_decorators = [shouting]

    def get(self) -> Any:
        return {"said": "hello"}


class Parsed(Resource):
    def get(self) -> Any:
        parser = reqparse.RequestParser()
        parser.add_argument("page", type=int, required=True, location="args")
        parser.add_argument("tag", action="append", location="args")
        return dict(parser.parse_args())

    def post(self) -> Any:
        parser = reqparse.RequestParser()
        parser.add_argument("amount", type=float, required=True, help="an amount is needed")
        return dict(parser.parse_args())


class Marshalled(Resource):
    @marshal_with({"name": fields.String, "age": fields.Integer(default=0)}, envelope="coach")
    def get(self) -> Any:
        return {"name": "Maya", "secret": 1}


class Hexadecimal(BaseConverter):
    regex = r"[0-9a-f]+"

    def to_python(self, value: str) -> int:
        return int(value, 16)


class Raises(Resource):
    def get(self) -> Any:
        msg = "inside"
        raise LookupError(msg)


def make_app() -> Flask:
    """An application factory: the extensions are set up apart from the app."""
    app = Flask(__name__)
    app.url_map.converters["hex"] = Hexadecimal
    api, socketio, bridge = Api(), SocketIO(), Bridge()
    api.add_resource(Coaches, "/api/coaches", "/api/trainers")
    api.add_resource(OneCoach, "/api/coaches/<int:id>")
    api.add_resource(Plans, "/api/coaches/<int:id>/plans/<string:plan>")
    api.add_resource(Decorated, "/api/decorated")
    api.add_resource(Parsed, "/api/parsed")
    api.add_resource(Marshalled, "/api/marshalled")
    api.add_resource(Raises, "/api/raises")
    add_converters(app)
    add_answers(app)
    add_blueprint(app)
    api.init_app(app)
    socketio.init_app(app, async_mode="threading")
    bridge.init_app(app, socketio, api=api)
    return app


def add_converters(app: Flask) -> None:
    rules = {
        "floats": "<float:value>",
        "uuids": "<uuid:value>",
        "paths": "<path:value>",
        "anys": "<any(red, green):value>",
        "hexes": "<hex:value>",
        "lengths": "<string(length=2):value>",
        "signed": "<int(signed=True):value>",
        "words": "<value>",
    }
    for name, rule in rules.items():
        view = functools.partial(lambda value: jsonify(repr(value)))
        app.add_url_rule(f"/api/{name}/{rule}", name, view)


def add_answers(app: Flask) -> None:
    @app.get("/api/answers/<kind>")
    def answers(kind: str) -> Any:
        return {
            "empty": lambda: Response(b""),
            "null": lambda: jsonify(None),
            "string": lambda: jsonify("text"),
            "number": lambda: jsonify(0.1),
            "html": lambda: "<p>ü</p>",
            "bom": lambda: Response(b'\xef\xbb\xbf{"a": 1}', mimetype="application/json"),
            "latin": lambda: Response("ü".encode("latin-1"), content_type="text/plain; charset=latin-1"),
            "surrogate": lambda: Response('"\\ud800"', mimetype="application/json"),
            "broken": lambda: Response('{"a":', mimetype="application/json"),
            "nan": lambda: Response('{"a": NaN}', mimetype="application/json"),
            "huge": lambda: Response('{"a": 123456789012345678901234567890}', mimetype="application/json"),
            "stream": lambda: Response(iter([b"[1,", b"2]"]), mimetype="application/json"),
            "made": lambda: make_response(jsonify(a=1), 202),
        }[kind]()

    @app.get("/api/statuses/<int:status>")
    def statuses(status: int) -> Any:
        return jsonify(status=status), status


def add_blueprint(app: Flask) -> None:
    shop = Blueprint("shop", __name__, url_prefix="/api/shop")

    @shop.route("/orders/<int:id>", methods=["GET", "POST"])
    def order(id: int) -> Any:
        return jsonify(endpoint=request.endpoint, blueprint=request.blueprint, method=request.method, id=id)

    @shop.errorhandler(LookupError)
    def not_there(error: LookupError) -> Any:
        return jsonify(error=str(error)), 410

    @shop.get("/lost")
    def lost() -> Any:
        msg = "lost"
        raise LookupError(msg)

    app.register_blueprint(shop)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving(make_app()) as url:
        yield url


@pytest.fixture(scope="module")
def client(server: str) -> Iterator[RawClient]:
    client = RawClient(server)
    yield client
    client.close()


KINDS = ["empty", "null", "string", "number", "html", "bom", "latin", "surrogate"]
KINDS += ["broken", "nan", "huge", "stream", "made"]
UUID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
CALLS: list[tuple[str, str, Any, str, tuple[Any, ...]]] = [
    ("GET", "/api/coaches", None, "get_coaches", ()),
    ("GET", "/api/trainers", None, "get_trainers", ({},)),
    ("GET", "/api/coaches", None, "get_coaches", (None,)),
    ("POST", "/api/trainers", {"name": "Ana"}, "new_trainer", ({"name": "Ana"},)),
    ("POST", "/api/coaches", {"name": "Ana", "age": 3}, "new_coach", ({"name": "Ana", "age": 3},)),
    ("POST", "/api/coaches", {"name": "☃ Ü \U0001f600"}, "new_coach", ({}, {"name": "☃ Ü \U0001f600"})),
    ("POST", "/api/coaches", {"age": "x"}, "new_coach", ({"age": "x"},)),
    ("POST", "/api/coaches", [], "new_coach", ([],)),
    ("POST", "/api/coaches", "text", "new_coach", ("text",)),
    ("POST", "/api/coaches", None, "new_coach", ()),
    ("GET", "/api/coaches/1", None, "get_coach", ({"id": 1},)),
    ("GET", "/api/coaches/1", None, "get_coach", ({"id": "1"},)),
    ("GET", "/api/coaches/1.5", None, "get_coach", ({"id": 1.5},)),
    ("GET", "/api/coaches/1", None, "get_coach", ({"id": 1.0},)),
    ("GET", "/api/coaches/-1", None, "get_coach", ({"id": -1},)),
    ("GET", "/api/coaches/null", None, "get_coach", ({"id": None},)),
    ("GET", "/api/coaches/true", None, "get_coach", ({"id": True},)),
    ("GET", "/api/coaches/", None, "get_coach", ({"id": ""},)),
    ("GET", "/api/coaches/abc", None, "get_coach", ({"id": "abc"},)),
    ("GET", "/api/coaches/404", None, "get_coach", ({"id": 404},)),
    (
        "GET",
        "/api/coaches/7?q=a%26b+%C3%BC&tag=1&tag=2&on=true&no=null&n=1.5&e=",
        None,
        "get_coach",
        ({"id": 7, "q": "a&b ü", "tag": [1, "2"], "on": True, "no": None, "n": 1.5, "e": ""},),
    ),
    ("PATCH", "/api/coaches/2", {"id": 2, "name": "B"}, "update_coach", ({"id": 2, "name": "B"},)),
    ("PATCH", "/api/coaches/2", {"name": "B"}, "update_coach", ({"id": 2}, {"name": "B"})),
    ("PATCH", "/api/coaches/2", None, "update_coach", ({"id": 2}, None)),
    ("PUT", "/api/coaches/2", None, "replace_coach", ({"id": 2}, None)),
    ("DELETE", "/api/coaches/1", None, "delete_coach", ({"id": 1},)),
    ("DELETE", "/api/coaches/2", None, "delete_coach", ({"id": 2},)),
    ("GET", "/api/coaches/1/plans/a%20b", None, "get_coach_plan", ({"id": 1, "plan": "a b"},)),
    ("GET", "/api/coaches/1/plans/a%2Fb", None, "get_coach_plan", ({"id": 1, "plan": "a/b"},)),
    ("GET", "/api/coaches/1/plans/%25%3F%23%3B", None, "get_coach_plan", ({"id": 1, "plan": "%?#;"},)),
    ("HEAD", "/api/coaches/1/plans/x", None, "head_coach_plan", ({"id": 1, "plan": "x"},)),
    ("OPTIONS", "/api/coaches/1/plans/x", None, "options_coach_plan", ({"id": 1, "plan": "x"},)),
    ("GET", "/api/decorated", None, "get_decorated", ()),
    ("GET", "/api/parsed?page=2&tag=a&tag=b", None, "get_parsed", ({"page": 2, "tag": ["a", "b"]},)),
    ("GET", "/api/parsed?page=x", None, "get_parsed", ({"page": "x"},)),
    ("GET", "/api/parsed", None, "get_parsed", ()),
    ("POST", "/api/parsed", {"amount": 1.5}, "parsed", ({"amount": 1.5},)),
    ("POST", "/api/parsed", {}, "parsed", ({},)),
    ("POST", "/api/parsed", None, "parsed", ()),
    ("GET", "/api/marshalled", None, "get_marshalled", ()),
    ("GET", "/api/raises", None, "get_raises", ()),
    ("GET", "/api/floats/1.25", None, "get_float", ({"value": 1.25},)),
    ("GET", "/api/floats/1", None, "get_float", ({"value": 1.0},)),
    ("GET", f"/api/uuids/{UUID}", None, "get_uuid", ({"value": UUID},)),
    ("GET", "/api/uuids/x", None, "get_uuid", ({"value": "x"},)),
    ("GET", "/api/paths/a/b/c%20d", None, "get_path", ({"value": "a/b/c d"},)),
    ("GET", "/api/anys/green", None, "get_any", ({"value": "green"},)),
    ("GET", "/api/anys/blue", None, "get_any", ({"value": "blue"},)),
    ("GET", "/api/hexes/ff", None, "get_hex", ({"value": "ff"},)),
    ("GET", "/api/lengths/ab", None, "get_length", ({"value": "ab"},)),
    ("GET", "/api/lengths/abc", None, "get_length", ({"value": "abc"},)),
    ("GET", "/api/signed/-5", None, "get_signed", ({"value": -5},)),
    ("GET", "/api/words/%C3%BC%E2%98%83", None, "get_word", ({"value": "ü☃"},)),
    ("GET", "/api/shop/orders/3", None, "get_order", ({"id": 3},)),
    ("POST", "/api/shop/orders/3", {"id": 3}, "new_order", ({"id": 3},)),
    ("GET", "/api/shop/lost", None, "get_lost", ()),
    *(("GET", f"/api/answers/{kind}", None, "get_answer", ({"kind": kind},)) for kind in KINDS),
    *(
        ("GET", f"/api/statuses/{status}", None, "get_status", ({"status": status},))
        for status in (200, 204, 304, 400, 401, 404, 409, 422, 429, 500, 503)
    ),
]


@pytest.mark.parametrize(
    ("number", "method", "path", "body", "event", "args"),
    [(number, *call) for number, call in enumerate(CALLS)],
    ids=[f"{event}-{path}-{number}" for number, (_, path, _, event, _) in enumerate(CALLS)],
)
def test_an_ack_says_what_http_says(
    server: str, client: RawClient, number: int, method: str, path: str, body: Any, event: str, args: tuple[Any, ...]
) -> None:
    """Status, ``ok``, body and content type are those of the same call over HTTP."""
    over_http = as_http(server, method, path, body)
    by_event = as_event(client, number, event, *args)
    if over_http.kind and "latin-1" in over_http.kind:
        return  # fetch reads text as UTF-8, whatever the charset says; requests does not
    assert by_event == over_http


def test_the_table_covers_every_event(server: str) -> None:
    """Every event of the app is compared at least once."""
    events = {event.event for event in make_app().extensions["bridge"].event_map}
    assert events == {event for _, _, _, event, _ in CALLS}


def test_automatic_methods_and_static_files_are_no_events() -> None:
    """HEAD and OPTIONS that Flask adds by itself are not in the map, nor is ``static``."""
    rows = [(event.method, event.rule) for event in make_app().extensions["bridge"].event_map]
    extra = [row for row in rows if row[0] in ("HEAD", "OPTIONS") or "static" in row[1]]
    assert extra == [(method, "/api/coaches/<int:id>/plans/<string:plan>") for method in ("HEAD", "OPTIONS")]


def test_a_lone_surrogate_in_a_body(server: str, client: RawClient) -> None:
    """``JSON.stringify`` writes half an emoji as an escape, which both transports take."""
    over_http = as_http(server, "PATCH", "/api/coaches/2", {"name": "\ud83d"})
    assert as_event(client, 9001, "update_coach", {"id": 2}, {"name": "\ud83d"}) == over_http
    assert over_http.ok


def test_a_path_parameter_reaches_no_other_native_handler() -> None:
    """A native handler runs for its own route only: where a slash in a parameter leads, that route's answers."""

    def guarded(method: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **kwargs: ({"error": "log in"}, 401)

    class Guarded(Resource):
        method_decorators = [guarded]

        def patch(self, id: str) -> Any:
            return {"by": "resource"}

    class Open(Resource):
        def patch(self, id: str) -> Any:
            return {"by": "open resource"}

    app = Flask(__name__)
    api = Api(app)
    api.add_resource(Guarded, "/coaches/<id>")
    api.add_resource(Open, "/coaches/<id>/open", "/coaches/<id>/bare")
    bridge = Bridge(app, SocketIO(app, async_mode="threading"))
    bridge.event("secret", replaces=("PATCH", "/coaches/<id>"))(lambda data, id: {"by": "guarded handler"})
    bridge.event("open", replaces=("PATCH", "/coaches/<id>/open"))(lambda data, id: {"by": "open handler"})
    with serving(app) as url:
        client = RawClient(url)
        assert client.call("secret", {"id": "1"}, {})["status"] == 401
        assert client.call("open", {"id": "1"}, {}, ack_id=2)["data"] == {"by": "open handler"}
        assert client.call("secret", {"id": "1/open"}, {}, ack_id=3)["data"] == {"by": "open handler"}
        assert client.call("secret", {"id": "1/bare"}, {}, ack_id=4)["data"] == {"by": "open resource"}
        client.close()


def test_a_catch_all_handler_leaves_the_routes_alone() -> None:
    """An app whose own ``*`` handler or class-based namespace takes what is left keeps its bridged events."""
    app = make_plain()
    socketio = app.extensions["socketio"]
    socketio.on("*")(lambda event, *args: {"caught": event})
    with serving(app) as url:
        client = RawClient(url)
        assert client.call("get_coaches")["data"] == {"coaches": []}
        assert client.call("whatever", ack_id=2) == {"caught": "whatever"}
        client.close()


def test_a_class_based_namespace_leaves_the_routes_alone() -> None:
    """A class-based namespace on ``/`` answers the events that it has methods for, the bridge the others."""
    from flask_socketio import Namespace

    class Own(Namespace):
        def on_mine(self) -> Any:
            return {"mine": True}

    app = make_plain()
    app.extensions["socketio"].on_namespace(Own("/"))
    with serving(app) as url:
        client = RawClient(url)
        assert client.call("mine") == {"mine": True}
        assert client.call("get_coaches", ack_id=2)["data"] == {"coaches": []}
        assert client.call("whatever", ack_id=3)["status"] == 404
        client.close()


def make_plain() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/coaches", "coaches", lambda: {"coaches": []})
    Bridge(app, SocketIO(app, async_mode="threading"))
    return app
