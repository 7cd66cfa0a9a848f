"""From the arguments of an event to the HTTP request that it stands for."""

from __future__ import annotations

import contextlib
import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.call import Call, Refused, Route
from bridge.events import Event
from bridge.wire import Frame, read_event, read_header
from tests.bridge.test_wire import JSON


def frame(*args: Any) -> Frame:
    text = "2" + json.dumps(["event", *args])
    header = read_header(text)
    assert header is not None
    return read_event(text, header)


def route(method: str, rule: str = "/coaches/<int:id>", params: tuple[str, ...] = ("id",), **options: Any) -> Route:
    return Route(Event("event", method, rule, params), **options)


def test_a_get() -> None:
    """Path parameters fill the rule, the rest becomes the query string."""
    call = route("GET").call(frame({"id": 7, "q": "a b", "tag": [1, True, None]}))
    assert call == Call("GET", "/coaches/7", "q=a%20b&tag=1&tag=true&tag=null", None)


def test_a_write_with_one_argument() -> None:
    """The one argument is the body, sent on whole; path parameters are read from it."""
    call = route("PATCH").call(frame({"id": 7, "name": "A", "$headers": "no reserved key here"}))
    assert (call.path, call.query) == ("/coaches/7", "")
    assert json.loads(call.body or b"") == {"id": 7, "name": "A", "$headers": "no reserved key here"}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_two_arguments(method: str) -> None:
    """The first is the params, the second the body."""
    call = route(method).call(frame({"id": 7, "page": 2}, [1]))
    assert (call.path, call.query, call.body) == ("/coaches/7", "page=2", b"[1]")


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS"])
def test_one_argument_of_a_method_without_a_body(method: str) -> None:
    """The one argument is the params."""
    assert route(method).call(frame({"id": 7})) == Call(method, "/coaches/7", "", None)


def test_null_is_no_body_and_no_params() -> None:
    """null stands for nothing, as fetch without a body."""
    assert route("POST", "/coaches", ()).call(frame(None)).body is None
    assert route("POST", "/coaches", ()).call(frame(None, None)) == Call("POST", "/coaches")
    assert route("POST", "/coaches", ()).call(frame()) == Call("POST", "/coaches")


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("GET", ({"id": 1}, {}, {})),
        ("GET", ("7",)),
        ("GET", (7,)),
        ("GET", ([7],)),
        ("GET", ()),
        ("GET", ({"id": 1}, {"a": 1})),
        ("GET", ({"id": {}},)),
        ("GET", ({"id": []},)),
        ("GET", ({"id": 1, "q": {"a": 1}},)),
        ("GET", ({"id": 1, "q": [[1]]},)),
        ("GET", ({"id": 1, "$other": 1},)),
        ("PATCH", ("text",)),
        ("PATCH", ([1],)),
        ("PATCH", ({"name": "no id"},)),
        ("PATCH", ({}, {"id": 1})),
        ("PATCH", ("params", {})),
    ],
)
def test_what_cannot_become_a_request(method: str, args: tuple[Any, ...]) -> None:
    """It is refused with 400 and a sentence that names the event."""
    with pytest.raises(Refused) as refused:
        route(method).call(frame(*args))
    assert refused.value.status == 400
    assert " " in refused.value.sentence


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a/b", "a/b"),
        ("", ""),
        (1, "1"),
        (1.0, "1"),
        (-0.0, "0"),
        (1.5, "1.5"),
        (1e21, "1e+21"),
        (1e-7, "1e-7"),
        (123456789012345680000.0, "123456789012345680000"),
        (None, "null"),
        (False, "false"),
        ("../x", "../x"),
        ("ü", "ü"),
    ],
)
def test_values_are_written_as_javascript_writes_them(value: Any, text: str) -> None:
    """A value stands in path and query as a JS template literal has it."""
    call = route("GET").call(frame({"id": value, "q": value}))
    assert call.path == f"/coaches/{text}"
    assert parse_qsl(call.query, keep_blank_values=True) == [("q", text)]


@given(st.lists(JSON, max_size=3), st.sampled_from(["GET", "POST", "PATCH", "DELETE"]))
def test_any_arguments_give_a_call_or_a_refusal(args: list[Any], method: str) -> None:
    """No arguments, however odd, raise anything else."""
    with contextlib.suppress(Refused):
        call = route(method).call(frame(*args))
        assert call.body is None or json.loads(call.body) == args[-1]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_query_value_survives(text: str) -> None:
    """Whatever text a query parameter holds, it arrives."""
    call = route("GET", "/coaches", ()).call(frame({"q": text}))
    assert parse_qsl(call.query, keep_blank_values=True) == [("q", text)]


def test_reserved_keys_are_no_query() -> None:
    """``$headers`` and ``$key`` leave the params."""
    call = route("GET").call(frame({"id": 1, "$headers": {"Authorization": "x"}, "$key": "k"}))
    assert (call.query, call.headers) == ("", {"Authorization": "x", "Idempotency-Key": "k"})


def test_the_clients_params_are_not_changed() -> None:
    """Reading a frame twice gives the same call."""
    read = frame({"id": 1, "$key": "k"})
    assert route("GET").call(read) == route("GET").call(read)


def test_several_parameters_of_all_kinds() -> None:
    """A rule with text around its parameters is filled in place."""
    rule = '/a-<int(signed=True):a>-<any("x/y", z):b>/<path:c>.html'
    assert route("GET", rule, ("a", "b", "c")).call(frame({"a": -1, "b": "z", "c": "d/e"})).path == "/a--1-z/d/e.html"
