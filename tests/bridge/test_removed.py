"""A Resource that was removed: HTTP knows it no more, its events are answered as if it were there."""

from __future__ import annotations

import functools
from typing import Any

import pytest
import requests
from flask import Blueprint, Flask, url_for
from flask_restful import Api, Resource
from flask_socketio import SocketIO

from bridge import Bridge, BridgeError
from tests.bridge.native_worlds import HANDLERS, NATIVE, REMOVED, RESOURCES, STATES, browsing, logged_in, make
from tests.support.serving import serving

CALLS: list[tuple[Any, ...]] = [
    ("new_coach", {"name": "Maya"}),
    ("new_coach", {}),
    ("new_coach",),
    ("new_coach", [1]),
    ("new_coach", {"name": "few"}),
    ("new_coach", {"name": "boom"}),
    ("new_coach", {"name": "moved"}),
    ("get_coach", {"number": 3, "page": "2"}),
    ("get_coach", {"number": 300}),
    ("get_coach", {"number": 4}),
    ("get_coach", {"number": "x"}),
    ("get_coach", {"number": 3, "$headers": {"Accept": "text/plain"}}),
    ("get_coach", {"number": 3, "$headers": {"Accept": "image/png"}}),
    *(("get_form", {"kind": kind}) for kind in ("body", "list", "text", "none", "pair", "headers", "empty")),
    *(("get_form", {"kind": kind}) for kind in ("response", "made", "jsonify", "refused", "forbidden", "set")),
    ("get_form", {"kind": "unauthorized"}),
    ("get_form", {"kind": "unknown"}),
    ("get_form", {"kind": "a//b"}),
    ("get_shown",),
    ("delete_guarded", {"id": 1}),
    ("new_guarded", {"id": 1}),
    ("new_guarded", {"id": 1}, None),
    ("login",),
    ("login", {"user": "ann"}),
    ("new_guarded", {"id": 1}),
    ("new_guarded", {"id": 1}, None),
    ("delete_guarded", {"id": 1}),
    ("delete_guarded", {"id": 1}, {"why": "x"}),
    ("replace_row", {"id": 1}, {"a": 1}),
    ("replace_row", {"id": 1}, None),
    *(("replace_row", {"id": id}, None) for id in (0, 9, "x")),
    *(("get_plain", {"kind": kind}) for kind in ("dict", "pair", "html", "missing", "none", "boom")),
    ("head_thing", {"thing": 3}),
    ("options_thing", {"thing": 3}),
    ("get_thing", {"thing": 3}),
    ("get_coaches",),
    ("options_ways",),
]


def answers(state: str, **options: Any) -> list[Any]:
    world = make(state, **options)
    with browsing(world) as browser:
        acks = [browser.emit(*call) for call in CALLS]
    return [*zip(CALLS, acks, strict=True), *_without_dates(world.answers)]


def _without_dates(seen: list[Any]) -> list[Any]:
    """Leave out of a session cookie what depends on the second in which it was signed."""
    return [(status, [(k, v.partition(".")[0]) for k, v in headers], body) for status, headers, body in seen]


def keyed(view: Any) -> Any:
    """A decorator of an Api that lets only one number pass."""

    @functools.wraps(view)
    def inner(**path: Any) -> Any:
        return view(**path) if path.get("number") != 8 else ({"error": "no key"}, 403)

    return inner


OPTIONS: list[dict[str, Any]] = [{}, {"default_mediatype": None}, {"catch_all_404s": True}, {"decorators": [keyed]}]


@pytest.mark.parametrize("options", OPTIONS, ids=[*"123", "decorators"])
@pytest.mark.parametrize("gives_api", [True, False])
def test_three_states_of_an_app_answer_alike(gives_api: bool, options: dict[str, Any]) -> None:
    """Status, headers and body are the same by Resource, by handler beside it and by handler alone."""
    by_resource, by_handler, alone = (answers(state, gives_api=gives_api, options=options) for state in STATES)
    assert len(by_resource) == 2 * len(CALLS) + 1  # an ack each, an answer each, and a redirect
    assert by_handler == by_resource
    assert alone == by_resource


def test_the_calls_meet_every_kind_of_answer() -> None:
    """The comparison above is one of many statuses, and the handlers do answer."""
    found = answers(REMOVED)[: len(CALLS)]
    statuses = {ack["status"] for _call, ack in found}
    assert statuses >= {200, 201, 202, 203, 204, 207, 400, 401, 403, 404, 409, 415, 418, 422, 500}
    assert found[0][1]["data"] == {"got": {"name": "Maya"}, "url": "/coaches/4"}


def test_the_event_map_stays() -> None:
    """Names, rules, endpoints and Resources in the map are what they were, in the order that they had."""
    before, after = (make(state).bridge.event_map for state in (NATIVE, REMOVED))
    assert {event.event: event for event in after} == {event.event: event for event in before}
    assert make(RESOURCES).bridge.event_map == before


HTTP = [("POST", "/coaches"), ("DELETE", "/coaches"), ("GET", "/coaches/3"), ("OPTIONS", "/coaches")]
HTTP += [
    ("POST", "/login"),
    ("DELETE", "/guarded/1"),
    ("PUT", "/v1/rows/1"),
    ("GET", "/plain/dict"),
    ("HEAD", "/shown"),
]
HTTP += [("HEAD", "/things/1"), ("OPTIONS", "/things/1"), ("GET", "/coaches"), ("PATCH", "/things/1"), ("GET", "/x")]


def over_http(world: Any) -> list[Any]:
    with serving(world.app) as url:
        for method, path in HTTP:
            requests.request(method, url + path, timeout=5)
    return list(world.answers)


def test_http_answers_as_if_there_were_no_such_route() -> None:
    """A removed URL is a 404, or a 405 with the methods that are left, whether or not events know it."""
    with_handlers, without = make(REMOVED), make(REMOVED)
    without.bridge._said.clear()
    assert with_handlers.bridge.event_map.get("new_coach")
    found = over_http(with_handlers)
    statuses = [int(status[:3]) for status, _, _ in found]
    assert statuses == [405, 405, 404, 200, 404, 404, 404, 404, 404, 200, 200, 200, 405, 404]
    allow = [dict(headers).get("Allow", "") for _, headers, _ in found]
    assert set(allow[0].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    links, expected = found.pop(-3), over_http(without)
    assert b"/coaches/2" in links[2]  # what is left goes on giving links to what was removed
    expected.pop(-3)
    assert [_sorted_allow(one) for one in found] == [_sorted_allow(one) for one in expected]


def _sorted_allow(answer: Any) -> Any:
    """Sort the methods of Allow, which Werkzeug takes from a set."""
    status, headers, body = answer
    return status, [(k, sorted(v.split(", ")) if k == "Allow" else v) for k, v in headers], body


def test_url_for_knows_a_removed_route() -> None:
    """Links are built within requests and outside, by endpoint, with anchors and methods; unknown ones still fail."""
    world = make(REMOVED)
    with world.app.test_request_context("/"):
        assert url_for("coach", number=3, q="a", _anchor="x") == "/coaches/3?q=a#x"
        assert url_for("coach", number=3, _external=True) == "http://localhost/coaches/3"
        with pytest.raises(Exception, match="nowhere"):
            url_for("nowhere")


def test_a_handler_of_a_removed_route_may_come_late() -> None:
    """HTTP may have been answered before the handlers are imported; the first connection has them all."""
    world = make(REMOVED)
    late = dict(world.bridge._said)
    world.bridge._said.clear()
    with serving(world.app) as url:
        assert requests.get(f"{url}/coaches/3", timeout=5).status_code == 404
        world.bridge._said.update(late)
        with browsing(world) as browser:
            assert browser.emit("get_coach", {"number": 3})["data"]["number"] == 6


# ---- what is refused ------------------------------------------------------------------------------


def app_with(*apis: dict[str, Any]) -> tuple[Flask, Bridge]:
    app = Flask(__name__)
    for options in apis:
        Api(app, **options)
    app.register_blueprint(Blueprint("shop", __name__))
    return app, Bridge(app, SocketIO(app, async_mode="threading"))


def said(bridge: Bridge, rule: str = "/coaches", **more: Any) -> Any:
    bridge.event("new_coach", replaces=("POST", rule), **{"endpoint": "coaches", **more})(lambda data: {})
    return bridge.event_map


@pytest.mark.parametrize(
    ("apis", "more", "sentence"),
    [
        ([{}], {}, "resource="),
        ([], {"resource": "Coaches"}, "no Flask-RESTful Api"),
        ([{}], {"resource": "Coaches", "endpoint": "gone.coaches"}, "no blueprint 'gone'"),
        ([{}], {"resource": "Coaches", "endpoint": "shop.coaches"}, "no Flask-RESTful Api"),
        ([{}, {"errors": {"X": {}}}], {"resource": "Coaches"}, "several Flask-RESTful Apis"),
        ([{"prefix": "/v2"}], {"resource": "Coaches"}, "no Flask-RESTful Api"),
        ([{}], {"resource": None, "method_decorators": [logged_in]}, "plain function"),
    ],
)
def test_a_stand_in_that_would_be_a_guess_is_refused(apis: list[Any], more: dict[str, Any], sentence: str) -> None:
    """Where nobody can know what answered at a route that is gone, the sentence says what to write."""
    with pytest.raises(BridgeError, match=sentence):
        said(app_with(*apis)[1], **more)


@pytest.mark.parametrize(
    "apis",
    [[{}, {}], [{}, {"prefix": "/v2", "errors": {"X": {}}}], [{"prefix": "/co"}]]
    + [[{}, {"prefix": "/co", "errors": {"X": {}}}]],
)
def test_an_api_is_found_by_its_prefix_or_as_good_as_another(apis: list[Any]) -> None:
    """Two Apis that answer alike are one; the longest prefix that fits is the owner's."""
    app, bridge = app_with(*apis)
    assert said(bridge, resource="Coaches").get("new_coach").resource == "Coaches"


def test_the_api_that_the_bridge_was_told_of_decides() -> None:
    """Of two Apis that fit and differ, it is the one of Bridge(..., api=api)."""
    app = Flask(__name__)
    first, second = Api(app), Api(app, errors={"X": {}})
    bridge = Bridge(app, SocketIO(app, async_mode="threading"), api=first)
    assert said(bridge, resource="Coaches").get("new_coach")
    assert (first.endpoints, second.endpoints) == ({"coaches"}, set())


def test_an_api_counts_where_its_error_handling_is_hidden() -> None:
    """An app whose error handling something else has taken over is told of its Api by the Bridge."""
    app = Flask(__name__)
    api = Api(app)
    handle = app.handle_user_exception
    app.handle_user_exception = lambda error: handle(error)  # type: ignore[method-assign]
    bridge = Bridge(app, SocketIO(app, async_mode="threading"), api=api)
    assert said(bridge, resource="Coaches").get("new_coach").resource == "Coaches"


def test_without_flask_restful_an_endpoint_is_enough() -> None:
    """An app that has no Api had a plain function there."""
    assert said(app_with()[1]).get("new_coach").endpoint == "coaches"


class Still(Resource):
    method_decorators = [logged_in]

    def get(self) -> Any:
        return {}

    def post(self) -> Any:
        return {}


@pytest.mark.parametrize(
    ("method", "more", "sentence"),
    [
        ("POST", {"endpoint": "other", "resource": "Still"}, "leave out endpoint="),
        ("PUT", {"endpoint": "still", "resource": "Other"}, "is Still"),
        ("PUT", {"endpoint": "still", "resource": None}, "is Still"),
        ("PUT", {"endpoint": "still", "method_decorators": [logged_in]}, "with its own"),
    ],
)
def test_what_is_said_of_a_class_that_is_left_is_checked(method: str, more: dict[str, Any], sentence: str) -> None:
    """A Resource that lost one method keeps its decorators, its name and its routes."""
    app = Flask(__name__)
    Api(app).add_resource(Still, "/still")
    bridge = Bridge(app, SocketIO(app, async_mode="threading"))
    bridge.event("an_event", replaces=(method, "/still"), **more)(lambda data: {})
    with pytest.raises(BridgeError, match=sentence):
        _ = bridge.event_map


def test_a_route_that_is_still_there_may_name_its_endpoint() -> None:
    """The same decorator holds before and after the Resource is taken away."""
    app = Flask(__name__)
    Api(app).add_resource(Still, "/still")
    bridge = Bridge(app, SocketIO(app, async_mode="threading"))
    bridge.event("an_event", replaces=("POST", "/still"), endpoint="still", resource="Still")(lambda data: {})
    assert bridge.event_map.get("an_event")
    assert len(HANDLERS) == 11
