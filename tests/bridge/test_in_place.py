"""A native handler stands in place of a method for the client only; everybody else gets the method itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests
from flask import Flask, current_app, request
from flask.views import MethodView, View
from flask_restful import Api, Resource
from flask_socketio import SocketIO

from bridge import Bridge
from tests.support.clients import Client
from tests.support.serving import serving

Connect = Callable[..., Client]


class Coaches(Resource):
    def get(self) -> Any:
        return {"by": "coaches"}


class Best(Coaches):
    def get(self) -> Any:
        return {"by": "best", "above": super().get()}


class Plans(Resource):
    def get(self) -> Any:
        return {"by": "plans", "coaches": Coaches().get()}


def named(method: Any) -> Any:
    def inner(*args: Any, **kwargs: Any) -> Any:
        return {"name": f"{method.__module__}.{method.__qualname__}", "got": method(*args, **kwargs)}

    return inner


def twice(method: Any) -> Any:
    return lambda *args, **kwargs: [method(*args, **kwargs), method(*args, **kwargs)]


def giving_user(method: Any) -> Any:
    return lambda *args, **kwargs: method("ann", *args, **kwargs)


class Decorated(Resource):
    method_decorators = {"get": [named], "post": [twice], "put": [giving_user]}

    def get(self) -> Any: ...

    def post(self) -> Any: ...

    def put(self, user: str, id: int = 0) -> Any: ...


class Shared(MethodView):
    init_every_request = False

    def get(self) -> Any:
        return {"by": "shared"}


class Bare(View):
    def dispatch_request(self) -> Any:
        return {"by": "bare"}


def ping() -> Any:
    return {"by": "ping"}


async def later() -> Any:
    return {"by": "later"}


def in_a_thread(work: Callable[[], Any]) -> Any:
    """Do something where no event loop runs: Playwright keeps one in the thread of the tests."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


class AsyncFlask(Flask):
    """Runs async views as Flask's documentation says to, where the package that it asks for is not there."""

    def async_to_sync(self, func: Any) -> Any:
        return lambda *args, **kwargs: in_a_thread(lambda: asyncio.run(func(*args, **kwargs)))


def app_and_bridge() -> tuple[Flask, Bridge]:
    app = AsyncFlask(__name__)
    api = Api(app)
    for resource, rule in ((Coaches, "/coaches"), (Best, "/best"), (Plans, "/plans"), (Decorated, "/decorated")):
        api.add_resource(resource, rule)
    app.add_url_rule("/shared", view_func=Shared.as_view("shared"))
    app.add_url_rule("/bare", view_func=Bare.as_view("bare"))
    app.add_url_rule("/ping", "ping", ping)
    app.add_url_rule("/later", "later", later)
    return app, Bridge(app, SocketIO(app, async_mode="threading"))


def answer(connect: Connect, rule: str, handler: Callable[..., Any], *more: Any, method: str = "GET") -> Any:
    """Return what one native handler's event is answered; all other routes have handlers that fail."""
    app, bridge = app_and_bridge()
    for event in bridge.event_map:
        if event.rule != rule and event.method == "GET":
            bridge.event(event.event, replaces=("GET", event.rule))(lambda: {"by": "another handler"})
    bridge.event("it", replaces=(method, rule))(handler)
    with serving(app) as url:
        return connect("python", url).emit("it", *more)["data"]


def test_a_handler_that_calls_its_resource_reaches_the_method(connect: Connect) -> None:
    """No recursion: CoachesIndex().get() within the handler of GET /coaches is the Resource's own method."""
    assert answer(connect, "/coaches", lambda: {"native": Coaches().get()}) == {"native": {"by": "coaches"}}


def test_other_resources_stay_themselves_within_a_handler(connect: Connect) -> None:
    """A handler, and what it calls, reach other Resources' methods, also those that have handlers."""
    expected = {"by": "plans", "coaches": {"by": "coaches"}}
    assert answer(connect, "/coaches", lambda: {"native": Plans().get()}) == {"native": expected}
    assert answer(connect, "/best", lambda: Best().get()) == {"by": "best", "above": {"by": "coaches"}}


def test_views_called_through_the_app_answer_themselves_within_a_handler(connect: Connect) -> None:
    """current_app.view_functions[...] within a handler is the view, not the handler again."""
    views: Any = lambda name: current_app.view_functions[name]()  # noqa: E731
    assert answer(connect, "/ping", lambda: {"native": views("ping")}) == {"native": {"by": "ping"}}
    found = answer(connect, "/coaches", lambda: {"native": views("coaches").get_json()})
    assert found == {"native": {"by": "coaches"}}


def test_a_resource_called_by_another_method_or_hook_is_itself(connect: Connect) -> None:
    """A hook and a method that is bridged call the Resource's method, whatever handlers there are."""
    app, bridge = app_and_bridge()
    seen: list[Any] = []
    app.before_request(lambda: seen.append(Coaches().get()))
    bridge.event("get_coaches", replaces=("GET", "/coaches"))(lambda: {"by": "native"})
    with serving(app) as url:
        client = connect("python", url)
        assert client.emit("get_plans")["data"] == {"by": "plans", "coaches": {"by": "coaches"}}
        assert client.emit("get_coaches")["data"] == {"by": "native"}
    assert seen == [{"by": "coaches"}] * 2


def test_a_class_that_inherits_is_replaced_alone(connect: Connect) -> None:
    """A handler for a base's route is not a handler for that of a subclass."""
    app, bridge = app_and_bridge()
    bridge.event("get_coaches", replaces=("GET", "/coaches"))(lambda: {"by": "native"})
    with serving(app) as url:
        assert connect("python", url).emit("get_best")["data"] == {"by": "best", "above": {"by": "coaches"}}


def test_method_decorators_see_the_method_that_was_replaced(connect: Connect) -> None:
    """Its name is the method's, it may be called twice, and what a decorator hands on comes first."""
    found = answer(connect, "/decorated", lambda: 1)
    assert found == {"name": f"{__name__}.Decorated.get", "got": 1}
    assert answer(connect, "/decorated", lambda data: data, 4, method="POST") == [4, 4]
    app, bridge = app_and_bridge()
    bridge.event("put", replaces=("PUT", "/decorated"), takes_data=False)(lambda user: {"for": user})
    with serving(app) as url:
        assert connect("python", url).emit("put", {})["data"] == {"for": "ann"}


def test_views_of_every_kind_give_way(connect: Connect) -> None:
    """A shared MethodView, a View without methods, an async function: events get the handler, HTTP the view."""
    for rule in ("/shared", "/bare", "/later"):
        app, bridge = app_and_bridge()
        bridge.event("it", replaces=("GET", rule))(lambda: {"by": "native", "rule": request.path})
        with serving(app) as url:
            client = connect("python", url)
            assert client.emit("it")["data"] == {"by": "native", "rule": rule}
            assert app.test_client().get(rule).get_json() == {"by": rule[1:]}
            assert client.emit("it")["data"]["by"] == "native"


def hiding(view: Any) -> Any:
    """A decorator of an Api without functools.wraps: the class behind the view cannot be seen."""

    def inner(**path: Any) -> Any:
        return view(**path) if request.headers.get("Authorization") == "key" else ({"error": "no key"}, 401)

    inner.__name__, inner.methods = view.__name__, view.methods  # type: ignore[attr-defined]
    return inner


def test_a_decorator_of_the_api_is_never_passed_by(connect: Connect) -> None:
    """Where it hides the Resource, the handler still runs inside it and answers by Flask-RESTful."""
    app = Flask(__name__)
    Api(app, decorators=[hiding]).add_resource(Coaches, "/coaches")
    bridge = Bridge(app, SocketIO(app, async_mode="threading"))
    bridge.event("all_coaches", replaces=("GET", "/coaches"))(lambda: None)
    key = {"$headers": {"Authorization": "key"}}
    with serving(app) as url:
        client = connect("python", url)
        assert client.emit("all_coaches")["status"] == 401
        assert client.emit("all_coaches", key) == {"ok": True, "status": 200, "data": None, "errors": None}
        assert requests.get(f"{url}/coaches", headers=key["$headers"], timeout=5).json() == {"by": "coaches"}
