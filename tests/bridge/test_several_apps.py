"""One Bridge at module level, many apps from a factory: each app has its own map, connections and answers."""

from __future__ import annotations

import gc
import importlib
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask, abort, current_app
from flask_restful import Api, Resource
from flask_socketio import SocketIO
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from bridge import Bridge, BridgeError
from tests.support.clients import Client
from tests.support.serving import serving

Connect = Callable[..., Client]


class Coaches(Resource):
    def get(self) -> Any:
        return {"by": "resource", "app": current_app.config["NAME"]}


class Extensions:
    """What a project's extensions module holds."""

    def __init__(self) -> None:
        self.socketio, self.bridge = SocketIO(async_mode="threading"), Bridge()

    def create_app(self, name: str, *, removed: bool = False) -> Flask:
        app = Flask(__name__)
        app.config["NAME"] = name
        api = Api(app)
        if not removed:
            api.add_resource(Coaches, "/coaches")
        app.add_url_rule("/own", f"own_{name}", lambda: {"app": name})
        self.socketio.init_app(app)
        self.bridge.init_app(app, self.socketio, api=api)
        return app


def handler() -> Any:
    return {"by": "native", "app": current_app.config["NAME"]}


WHERE: dict[str, Any] = {"replaces": ("GET", "/coaches"), "endpoint": "coaches", "resource": "Coaches"}


@pytest.mark.parametrize("removed", [False, True])
def test_every_app_of_a_factory_works_at_the_same_time(connect: Connect, removed: bool) -> None:
    """The second app does, the first goes on: events reach the app that the client is connected to."""
    made = Extensions()
    made.bridge.event("all_coaches", **WHERE)(handler)
    apps = [made.create_app(name, removed=removed) for name in ("first", "second", "third")]
    with serving(apps[0]) as one, serving(apps[1]) as two, serving(apps[2]) as three:
        clients = [connect("python", url) for url in (one, two, three)]
        for _ in range(2):
            found = [client.emit("all_coaches")["data"] for client in clients]
            assert found == [{"by": "native", "app": name} for name in ("first", "second", "third")]
        assert [client.emit("get_own")["data"]["app"] for client in clients] == ["first", "second", "third"]
        statuses = [requests.get(f"{url}/coaches", timeout=5).status_code for url in (one, two, three)]
        assert statuses == [404 if removed else 200] * 3


def test_an_api_of_another_app_is_not_taken(connect: Connect) -> None:
    """Each app's removed routes are on its own Api, though the Bridge was told of the first one's only."""
    bridge, apps = Bridge(), []
    bridge.event("failing", replaces=("GET", "/failing"), endpoint="failing", resource="Failing")(lambda: abort(418))
    for number in (1, 2):
        app = Flask(__name__)
        api = Api(app, errors={"ImATeapot": {"message": f"app {number}", "status": 418}})
        bridge.init_app(app, SocketIO(app, async_mode="threading"), **({"api": api} if number == 1 else {}))
        apps.append(app)
    for number, app in enumerate(apps, 1):
        with serving(app) as url:
            assert connect("python", url).emit("failing")["data"]["message"] == f"app {number}"


class Anything(Resource):
    def get(self, rest: str) -> Any:
        return {"by": "resource", "rest": rest}


def test_an_app_that_is_mounted_below_another_has_none_of_its_handlers(connect: Connect) -> None:
    """The same class at the same rule of a second app behind one server answers for itself."""
    outer, inner = Flask("outer"), Flask("inner")
    for app in (outer, inner):
        Api(app).add_resource(Anything, "/<path:rest>")
    outer.wsgi_app = DispatcherMiddleware(outer.wsgi_app, {"/inner": inner})  # type: ignore[method-assign]
    bridge = Bridge(outer, SocketIO(outer, async_mode="threading"))
    bridge.event("anything", replaces=("GET", "/<path:rest>"))(lambda rest: {"by": "native", "rest": rest})
    with serving(outer) as url:
        client = connect("python", url)
        assert client.emit("anything", {"rest": "a/b"})["data"] == {"by": "native", "rest": "a/b"}
        assert client.emit("anything", {"rest": "inner/b"})["data"] == {"by": "resource", "rest": "b"}


@pytest.mark.parametrize("when", ["before", "between", "after"])
def test_handlers_may_come_before_or_after_init_app(connect: Connect, when: str) -> None:
    """Handlers count for all apps of the Bridge, whenever they are registered."""
    made = Extensions()
    register = made.bridge.event("all_coaches", replaces=("GET", "/coaches"))
    apps = []
    for name in ("first", "second"):
        if when == {"first": "before", "second": "between"}[name]:
            register(handler)
        apps.append(made.create_app(name))
    if when == "after":
        register(handler)
    for app in apps:
        with serving(app) as url:
            assert connect("python", url).emit("all_coaches")["data"]["by"] == "native"


def test_handlers_may_come_while_clients_are_connected(connect: Connect) -> None:
    """A module that is imported late is heard of at the next connection, also after a first request."""
    made = Extensions()
    app = made.create_app("only")
    with serving(app) as url:
        first = connect("python", url)
        assert first.emit("get_coaches")["data"]["by"] == "resource"
        assert requests.get(f"{url}/coaches", timeout=5).json()["by"] == "resource"
        made.bridge.event("all_coaches", replaces=("GET", "/coaches"))(handler)
        second = connect("python", url)
        assert second.emit("all_coaches")["data"]["by"] == first.emit("all_coaches")["data"]["by"] == "native"


def test_the_event_map_is_that_of_the_active_app() -> None:
    """Without an active app, it is that of the one that was set up last."""
    made = Extensions()
    first, second = made.create_app("first"), made.create_app("second")
    rows = {event.endpoint for event in made.bridge.event_map}
    assert rows == {"coaches", "own_second"}
    with first.app_context():
        assert {event.endpoint for event in made.bridge.event_map} == {"coaches", "own_first"}
    assert made.bridge.map_of(second) == made.bridge.event_map
    with Flask("other").app_context():
        assert made.bridge.map_of(second) == made.bridge.event_map


def test_a_bridge_keeps_no_app_but_the_last() -> None:
    """A thousand apps of a test suite are not held in memory."""
    bridge = Bridge()
    apps = []
    for _ in range(3):
        app = Flask(__name__)
        bridge.init_app(app, SocketIO(app, async_mode="threading"))
        apps.append(weakref.ref(app))
        del app
    gc.collect()
    assert [one() is None for one in apps] == [True, True, False]


def test_a_factory_may_register_handlers_itself() -> None:
    """The same lines run again for the next app are no second handler; other lines for the same route are."""
    made = Extensions()

    def create(name: str) -> Flask:
        app = made.create_app(name)

        @made.bridge.event("all_coaches", replaces=("GET", "/coaches"))
        def all_coaches() -> Any:
            return {"made for": name}

        return app

    create("first")
    assert create("second").extensions["bridge"].event_map.get("all_coaches")
    with pytest.raises(BridgeError, match="has a native handler already: all_coaches"):
        made.bridge.event("all_coaches", replaces=("GET", "/coaches"))(handler)


def test_a_module_of_handlers_may_be_loaded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """importlib.reload, as tests of apps do it, registers the handlers anew."""
    made = Extensions()
    monkeypatch.setitem(sys.modules, "made_extensions", made)  # type: ignore[arg-type]
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "late_handlers.py").write_text(
        "from made_extensions import bridge\n\n"
        '@bridge.event("all_coaches", replaces=("GET", "/coaches"))\ndef all_coaches():\n    return {}\n'
    )
    module = importlib.import_module("late_handlers")
    importlib.reload(module)
    monkeypatch.delitem(sys.modules, "late_handlers")
    made.create_app("only")
    assert made.bridge.event_map.get("all_coaches")
