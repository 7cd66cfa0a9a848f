"""Whether a native handler takes the body: read from its signature, decorators or not, or asked for."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask_restful import Api, Resource
from flask_socketio import SocketIO

from bridge import Bridge, BridgeError
from bridge.signature import Body, Unclear, body_of
from tests.support.clients import Client
from tests.support.serving import serving

Work = Callable[..., Any]


def wrapping(function: Work) -> Work:
    @functools.wraps(function)
    def inner(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return inner


def bare(function: Work) -> Work:
    def inner(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return inner


def with_user(function: Work) -> Work:
    @functools.wraps(function)
    def inner(*args: Any, **kwargs: Any) -> Any:
        return function("ann", *args, **kwargs)

    return inner


def with_keyword(function: Work) -> Work:
    @functools.wraps(function)
    def inner(*args: Any, **kwargs: Any) -> Any:
        return function(*args, user="ann", **kwargs)

    return inner


def loads_row(function: Work) -> Work:
    @functools.wraps(function)
    def inner(*args: Any, **kwargs: Any) -> Any:
        return function(*args, row=f"row {kwargs.pop('id')}", **kwargs)

    return inner


def shortens(function: Work) -> Work:
    @functools.wraps(function)
    def inner(data: Any, **kwargs: Any) -> Any:
        return function(**data, **kwargs)

    return inner


class Caller:
    def method(self, data: Any, id: int) -> Any: ...

    def __call__(self, payload: Any, id: int) -> Any: ...


FIRST, OPTIONAL = Body(), Body("", is_optional=True)
CLEAR: list[tuple[Work, Body | None]] = [
    (lambda values, id: None, FIRST),
    (lambda values=None, **kwargs: None, OPTIONAL),
    (lambda id: None, None),
    (lambda: None, None),
    (lambda **kwargs: None, None),
    (lambda id, data: None, Body("data")),
    (lambda id=None, data=None: None, Body("data", is_optional=True)),
    (lambda data, *args, **kwargs: None, FIRST),
    (wrapping(lambda data, id: None), FIRST),
    (wrapping(wrapping(lambda payload=None: None)), OPTIONAL),
    (wrapping(lambda id: None), None),
    (wrapping(lambda **kwargs: None), None),
    (loads_row(lambda body, row: None), FIRST),
    (with_keyword(lambda data, user, id: None), FIRST),
    (shortens(lambda name, id: None), FIRST),
    (Caller().method, FIRST),
    (Caller(), FIRST),
    (functools.partial(lambda greeting, data, id: None, "hello"), FIRST),
    (functools.partial(lambda data, id, greeting: None, greeting="hello"), FIRST),
]
UNCLEAR: list[Work] = [
    bare(lambda data, id: None),
    wrapping(bare(lambda data, id: None)),
    with_user(lambda current_user, data, id: None),
    with_user(lambda current_user, id: None),
    wrapping(lambda values, id: None),
    lambda *args: None,
    lambda self, *args, **kwargs: None,
]


@pytest.mark.parametrize(("handler", "body"), CLEAR)
def test_signatures_that_say_it(handler: Work, body: Body | None) -> None:
    """The body's is the first positional parameter that is no path parameter, through functools.wraps as well."""
    assert body_of(handler, None, {"id"}) == body


@pytest.mark.parametrize("handler", UNCLEAR)
def test_signatures_that_do_not_say_it(handler: Work) -> None:
    """Where a decorator hides the signature, or may fill a parameter itself, nothing is guessed."""
    with pytest.raises(Unclear):
        body_of(handler, None, {"id"})
    assert body_of(handler, True, {"id"}) == FIRST
    assert body_of(handler, False, {"id"}) is None
    assert body_of(handler, "optional", {"id"}) == OPTIONAL


class Rows(Resource):
    def get(self, id: int | None = None) -> Any: ...

    def post(self, id: int | None = None) -> Any: ...

    def put(self, id: int) -> Any: ...


def bridged() -> tuple[Flask, Bridge]:
    app = Flask(__name__)
    Api(app).add_resource(Rows, "/rows", "/rows/<int:id>")
    return app, Bridge(app, SocketIO(app, async_mode="threading"))


@pytest.mark.parametrize("handler", UNCLEAR)
def test_an_unclear_handler_is_refused_with_what_to_say(handler: Work) -> None:
    """Nobody can connect to an app whose handler would be called by guess."""
    _app, bridge = bridged()
    bridge.event("replace_row", replaces=("PUT", "/rows/<int:id>"))(handler)
    with pytest.raises(BridgeError, match="takes_data=True"):
        _ = bridge.event_map


def test_takes_data_has_three_meanings() -> None:
    """Anything else is told where it is written."""
    _app, bridge = bridged()
    with pytest.raises(BridgeError, match="'perhaps'"):
        bridge.event("x", replaces=("PUT", "/rows/<int:id>"), takes_data="perhaps")  # type: ignore[arg-type]


CALLED: list[tuple[Work, dict[str, Any], Any]] = [
    (wrapping(lambda data, id: [data, id]), {}, [{"a": 1}, 3]),
    (bare(lambda data, id: [data, id]), {"takes_data": True}, [{"a": 1}, 3]),
    (bare(lambda id: [id]), {"takes_data": False}, [3]),
    (with_user(lambda user, data, id: [user, data, id]), {"takes_data": True}, ["ann", {"a": 1}, 3]),
    (with_user(lambda user, id: [user, id]), {"takes_data": False}, ["ann", 3]),
    (with_keyword(lambda data, user, id: [data, user, id]), {}, [{"a": 1}, "ann", 3]),
    (loads_row(lambda data, row: [data, row]), {}, [{"a": 1}, "row 3"]),
    (shortens(lambda a, id: [a, id]), {}, [1, 3]),
    (functools.partial(lambda greeting, data, id: [greeting, data, id], "hello"), {}, ["hello", {"a": 1}, 3]),
    (lambda data, **kwargs: [data, kwargs], {}, [{"a": 1}, {"id": 3}]),
    (lambda **kwargs: [kwargs], {}, [{"id": 3}]),
    (lambda id=None, data=None: [data, id], {}, [{"a": 1}, 3]),
]


@pytest.mark.parametrize(("handler", "more", "expected"), CALLED)
def test_handlers_behind_decorators_are_called_right(
    handler: Work, more: dict[str, Any], expected: Any, connect: Callable[..., Client]
) -> None:
    """What a decorator adds, takes away or hands on arrives as over HTTP."""
    app, bridge = bridged()
    bridge.event("replace_row", replaces=("PUT", "/rows/<int:id>"), **more)(handler)
    with serving(app) as url:
        client = connect("python", url)
        assert client.emit("replace_row", {"id": 3}, {"a": 1})["data"] == expected


def test_an_optional_body_behind_a_bare_decorator(connect: Callable[..., Client]) -> None:
    """The handler's own default is used where there is no body."""
    app, bridge = bridged()
    more: Any = {"takes_data": "optional"}
    bridge.event("replace_row", replaces=("PUT", "/rows/<int:id>"), **more)(bare(lambda data="own", id=0: [data, id]))
    with serving(app) as url:
        client = connect("python", url)
        assert client.emit("replace_row", {"id": 3}, None)["data"] == ["own", 3]
        assert client.emit("replace_row", {"id": 3}, [])["data"] == [[], 3]


def test_one_function_for_several_rules(connect: Callable[..., Client]) -> None:
    """Stacked events: a parameter of one rule is never the body of another, and both rules are answered."""
    app, bridge = bridged()

    @bridge.event("get_rows", replaces=("GET", "/rows"))
    @bridge.event("get_row", replaces=("GET", "/rows/<int:id>"))
    def rows(id: int | None = None) -> Any:
        return {"id": id}

    @bridge.event("new_row", replaces=("POST", "/rows"))
    def new_row(id: int | None = None) -> Any:
        return {"made": id}

    @bridge.event("new_row_at", replaces=("POST", "/rows/<int:id>"))
    def new_row_at(data: Any, id: int) -> Any:
        return {"data": data, "id": id}

    with serving(app) as url:
        client = connect("python", url)
        assert client.emit("get_rows", {"page": 2})["data"] == {"id": None}
        assert client.emit("get_row", {"id": 3})["data"] == {"id": 3}
        assert client.emit("new_row", {"id": 5})["data"] == {"made": None}
        assert client.emit("new_row_at", {"id": 5})["data"] == {"data": {"id": 5}, "id": 5}
