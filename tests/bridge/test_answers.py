"""Which functions only ever answer 204 when all is well: known from their source alone, or not known."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from textwrap import dedent

import pytest
from flask import abort, make_response

from bridge.answers import live_status, status_of
from bridge.events import Event


def status(body: str) -> int:
    """Return what is known of a function with this body."""
    node = ast.parse("def view(self, id):\n" + dedent(body).strip().replace("\n", "\n    ").join(["    ", "\n"])).body[
        0
    ]
    assert isinstance(node, ast.FunctionDef)
    return status_of(node)


@pytest.mark.parametrize(
    "body",
    [
        'return "", 204',
        "return {}, 204",
        "return ('', 204, {})",
        'return make_response("", 204)',
        "return flask.make_response({}, 204)",
        'return make_response(("", 204))',
        "return Response(status=204)",
        "return '', HTTPStatus.NO_CONTENT",
        "return '', status.HTTP_204_NO_CONTENT",
        "if not id:\n    return {'error': 'none'}, 404\nreturn '', 204",
        "if id:\n    abort(404)\nreturn '', 204",
        "if id:\n    return '', 204\nelse:\n    abort(404)",
        "if id:\n    return '', 204\nraise NotFound()",
        "try:\n    remove()\n    return '', 204\nexcept ValueError:\n    return {}, 422",
        "with session() as s:\n    s.delete(id)\n    return '', 204",
        "answer = make_response('', 204)\nreturn answer",
        "return ('', 204) if id else ({}, 404)",
    ],
)
def test_204_and_nothing_else(body: str) -> None:
    """Every way out that is no error has the status 204."""
    assert status(body) == 204


@pytest.mark.parametrize(
    "body",
    [
        "return {}",
        "return {}, 200",
        "return",
        "pass",
        "if id:\n    return '', 204",
        "if id:\n    return '', 204\nreturn {'id': id}",
        "return {}, code",
        "return answer()",
        "return *parts, 204",
        "yield ''\nreturn '', 204",
        "try:\n    return '', 204\nexcept ValueError:\n    pass",
        "for one in id:\n    return '', 204",
        "answer = make_response('', 204)\nanswer.status_code = 200\nreturn answer",
        "answer = make_response('', 204)\nif id:\n    answer = other()\nreturn answer",
        "for answer in answers:\n    pass\nreturn answer",
        "return make_response('', 204) if id else make_response({}, 200)",
        "return {}, 404",
        "def inner():\n    return '', 204\nreturn inner()",
        "return redirect('/'), 302",
    ],
)
def test_not_known(body: str) -> None:
    """Another status, or one that only a run would tell."""
    assert status(body) == 0


def delete(self: object, id: int) -> object:
    if id > 3:
        abort(404)
    return make_response({}, 204)


def named(self: object) -> object:
    return "", HTTPStatus.NO_CONTENT


def wrapped(function: Callable[..., object]) -> Callable[..., object]:
    @wraps(function)
    def inner(*args: object) -> object:
        return function(*args)

    return inner


def test_of_running_functions() -> None:
    """The source of a function is found through its decorators; what has none is not known."""
    assert live_status(delete) == 204
    assert live_status(named) == 204
    assert live_status(wrapped(delete)) == 204
    assert live_status(wrapped) == 0
    assert live_status(len) == 0
    assert live_status(None) == 0
    made: dict[str, Callable[..., object]] = {}
    exec("def made(): return '', 204", made)
    assert live_status(made["made"]) == 0


def test_the_key_of_the_event_map() -> None:
    """``status`` is written where it is known, and read again; maps without it stay readable."""
    event = Event("delete_coach", "DELETE", "/coaches/<int:id>", ("id",), status=204)
    assert event.to_dict()["status"] == 204
    assert Event.from_dict(event.to_dict()) == event
    assert "status" not in Event("a", "GET", "/a").to_dict()
    assert Event.from_dict({"event": "a", "method": "GET", "rule": "/a"}).status == 0
