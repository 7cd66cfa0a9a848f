"""One app in three states: Resources only, native handlers in their place, and the Resources taken away."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Flask, abort, jsonify, make_response, redirect, request, session, url_for
from flask_restful import Api, Resource, fields, marshal_with
from flask_restful import abort as restful_abort
from flask_socketio import SocketIO
from werkzeug.routing import BaseConverter

from bridge import Bridge
from tests.support.browser_like import BrowserLike
from tests.support.serving import serving

RESOURCES, NATIVE, REMOVED = STATES = ("resources", "native", "removed")
Work = Callable[..., Any]


class Doubled(BaseConverter):
    """A converter of the app's own."""

    def to_python(self, value: str) -> int:
        return int(value) * 2

    def to_url(self, value: int) -> str:
        return str(value)


class TooFewError(Exception):
    """An error that the Api has an answer for."""


def logged_in(function: Work) -> Work:
    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs) if session.get("user") else ({"error": "log in"}, 401)

    return guarded


def counted(response: Any) -> Any:
    response.headers["X-Answers"] = request.endpoint or "none"
    return response


# What each route does; ``work`` is a Resource's method without self, and the native handler's body.


def create(data: Any) -> Any:
    if "name" not in data:
        abort(422, description="a coach has a name")
    if data["name"] == "few":
        raise TooFewError(data["name"])
    if data["name"] == "boom":
        raise ValueError(data["name"])
    if data["name"] == "moved":
        return redirect(url_for("coach", number=5), 303)
    return {"got": data, "url": url_for("coach", number=4)}, 201, {"X-Made": "yes"}


def read(number: int) -> Any:
    if number > 100:
        restful_abort(404, message=f"no coach {number}", number=number)
    seen = (request.endpoint, request.url_rule and request.url_rule.rule, request.view_args, request.blueprint)
    return {
        "number": number,
        "seen": seen,
        "query": request.args.to_dict(),
        "methods": sorted(request.url_rule.methods),
    }  # type: ignore[union-attr]


def forms(kind: str) -> Any:
    made = {
        "body": lambda: {"a": 1},
        "list": lambda: [1, 2],
        "text": lambda: "text",
        "none": lambda: None,
        "pair": lambda: ({"a": 1}, 202),
        "headers": lambda: ({"a": 1}, 203, {"X-A": "1"}),
        "empty": lambda: ("", 204),
        "response": lambda: make_response("plain", 418, {"X-A": "2"}),
        "made": lambda: make_response({"a": 1}, 207),
        "jsonify": lambda: jsonify(a=1),
        "refused": lambda: abort(make_response({"no": True}, 409)),
        "forbidden": lambda: abort(403),
        "unauthorized": lambda: abort(401),
        "set": lambda: {1, 2},
    }
    return made[kind]()


SHAPE = {"name": fields.String, "home": fields.Url("login")}


class Shown:
    """A row that ``marshal_with`` reads."""

    name, number, secret = "Maya", 7, "x"


@marshal_with(SHAPE)
def shown() -> Any:
    return Shown(), 200


def remember(data: Any = None) -> Any:
    session["user"] = (data or {}).get("user", "nobody")
    return {"hello": session["user"]}


def forget(id: int) -> Any:
    return {"gone": id, "body": request.get_json(silent=True), "for": session["user"]}, 200


def of_blueprint(id: int, data: Any = None) -> Any:
    if id == 0:
        restful_abort(400, message={"id": "zero"})
    if id == 9:
        raise ValueError(id)
    return {"id": id, "data": data, "blueprint": request.blueprint, "hooked": request.environ.get("hooked")}


def plain(kind: str) -> Any:
    if kind == "boom":
        raise ValueError(kind)
    return {"dict": {"a": 1}, "pair": ("x", 202), "html": "<p>x</p>", "missing": kind}.get(kind) or abort(404)


def checked(data: Any) -> Any:
    return {"checked": data}


def look(thing: int) -> Any:
    return "", 200, {"X-Thing": str(thing)}


def ways(thing: int) -> Any:
    return {"options": thing}, 200, {"Allow": "GET"}


class Coaches(Resource):
    def get(self) -> Any:
        return [{"url": url_for("coach", number=2)}]

    def post(self) -> Any:
        return create(request.get_json())


class CoachRow(Resource):
    def get(self, number: int) -> Any:
        return read(number)


class Forms(Resource):
    def get(self, kind: str) -> Any:
        return forms(kind)


class ShownOnce(Resource):
    def get(self) -> Any:
        return shown()


class Login(Resource):
    def post(self) -> Any:
        return remember(request.get_json(silent=True))


class Guarded(Resource):
    method_decorators = [logged_in]

    def delete(self, id: int) -> Any:
        return forget(id)

    def post(self, id: int) -> Any:
        return checked(request.get_json())


class Things(Resource):
    def get(self, thing: int) -> Any:
        return {"thing": thing}

    def head(self, thing: int) -> Any:
        return look(thing)

    def options(self, thing: int) -> Any:
        return ways(thing)


class InBlueprint(Resource):
    def put(self, id: int) -> Any:
        return of_blueprint(id, request.get_json(silent=True))


#: event, method, rule, endpoint, Resource, handler, method_decorators. Coaches and Things keep their GET.
HANDLERS: list[tuple[str, str, str, str, str | None, Work, list[Work]]] = [
    ("new_coach", "POST", "/coaches", "coaches", "Coaches", lambda data: create(data), []),
    ("get_coach", "GET", "/coaches/<doubled:number>", "coach", "CoachRow", lambda number: read(number), []),
    ("get_form", "GET", "/forms/<path:kind>", "forms", "Forms", lambda kind: forms(kind), []),
    ("get_shown", "GET", "/shown", "shownonce", "ShownOnce", lambda: shown(), []),
    ("login", "POST", "/login", "login", "Login", lambda data=None: remember(data), []),
    ("delete_guarded", "DELETE", "/guarded/<int:id>", "guarded", "Guarded", lambda id: forget(id), [logged_in]),
    ("new_guarded", "POST", "/guarded/<int:id>", "guarded", "Guarded", lambda data, id: checked(data), [logged_in]),
    ("replace_row", "PUT", "/v1/rows/<int:id>", "api.rows", "InBlueprint", of_blueprint, []),
    ("get_plain", "GET", "/plain/<kind>", "plain", None, lambda kind: plain(kind), []),
    ("head_thing", "HEAD", "/things/<int:thing>", "things", "Things", lambda thing: look(thing), []),
    ("options_thing", "OPTIONS", "/things/<int:thing>", "things", "Things", lambda thing: ways(thing), []),
]  # fmt: skip


@dataclass
class World:
    """A served app: what its dispatches answered, status, headers and body, in ``answers``."""

    app: Flask
    api: Api
    bridge: Bridge
    answers: list[tuple[str, list[tuple[str, str]], bytes]] = field(default_factory=list)

    def record(self) -> None:
        """Note every answer that leaves Flask, below the Socket.IO middleware."""
        inner: Any = self.app.wsgi_app

        def recording(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            started: list[Any] = []
            body = b"".join(inner(environ, lambda status, headers, _=None: started.extend([status, list(headers)])))
            self.answers.append((started[0], sorted(started[1]), body))
            start_response(*started)
            return [body]

        self.app.wsgi_app = recording  # type: ignore[method-assign]


def make(state: str, *, gives_api: bool = True, options: dict[str, Any] | None = None) -> World:
    """Return the app in one of its states; nothing is served yet."""
    app = Flask("coaches")
    app.secret_key = "test"
    app.url_map.converters["doubled"] = Doubled
    app.after_request(counted)
    api = Api(app, errors={"TooFewError": {"message": "not enough", "status": 409}}, **(options or {}))
    blueprint = Blueprint("api", __name__, url_prefix="/v1")
    blueprint.before_request(lambda: request.environ.update(hooked="yes"))
    inner = Api(blueprint, serve_challenge_on_401=True)
    is_there = state != REMOVED
    left = Coaches if is_there else type("Coaches", (Resource,), {"get": Coaches.get})
    things = Things if is_there else type("Things", (Resource,), {"get": Things.get})
    api.add_resource(left, "/coaches", endpoint="coaches")
    api.add_resource(things, "/things/<int:thing>", endpoint="things")
    if is_there:
        api.add_resource(CoachRow, "/coaches/<doubled:number>", endpoint="coach")
        api.add_resource(Forms, "/forms/<path:kind>")
        api.add_resource(ShownOnce, "/shown")
        api.add_resource(Login, "/login")
        api.add_resource(Guarded, "/guarded/<int:id>")
        inner.add_resource(InBlueprint, "/rows/<int:id>", endpoint="rows")
        app.add_url_rule("/plain/<kind>", "plain", plain)
    app.add_url_rule("/ways", "ways", lambda: {"own": request.method}, methods=["GET", "OPTIONS"])
    app.register_blueprint(blueprint)
    world = World(app, api, Bridge())
    world.record()
    socketio = SocketIO(app, async_mode="threading")
    world.bridge.init_app(app, socketio, api=api if gives_api else None)
    names = {(method, rule): event for event, method, rule, *_ in HANDLERS}
    app.config["BRIDGE_NAMES"] = {f"{method} {rule}": event for (method, rule), event in names.items() if is_there}
    if state != RESOURCES:
        register(world.bridge, is_removed=not is_there)
    return world


def register(bridge: Bridge, *, is_removed: bool) -> None:
    """Register all handlers, as for Resources that are there or were removed."""
    for event, method, rule, endpoint, resource, handler, decorators in HANDLERS:
        more: dict[str, Any] = {"endpoint": endpoint, "resource": resource, "method_decorators": decorators}
        bridge.event(event, replaces=(method, rule), **(more if is_removed else {}))(handler)


@contextmanager
def browsing(world: World) -> Iterator[BrowserLike]:
    """Serve a world and open a client."""
    with serving(world.app) as url:
        browser = BrowserLike(url, redeems=False).open()
        yield browser
        browser.close()
