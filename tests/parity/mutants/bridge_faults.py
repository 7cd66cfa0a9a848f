"""Faults of the bridge, planted in every process of a run by ``--setup``: HTTP, the control, does not pass by them.

``PARITY_FAULT`` names the one to plant. Each is a function of this module.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bridge import connection, cookies, dispatch
from bridge.live import capture

FAULTS: dict[str, Callable[[], None]] = {}


def fault(plant: Callable[[], None]) -> Callable[[], None]:
    """Add a fault by its function's name."""
    FAULTS[plant.__name__] = plant
    return plant


def _change_acks(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    made = connection.ack_of
    connection.ack_of = lambda *args: json.dumps(change(json.loads(made(*args))))


def _change_calls(change: Callable[[Any], Any]) -> None:
    made = dispatch.Dispatcher.answer

    def answer(self: Any, asked: Any, *more: Any) -> Any:
        return made(self, change(asked), *more)

    dispatch.Dispatcher.answer = answer


@fault
def null_becomes_empty_text() -> None:
    """An ack without a body says "" in place of null."""
    _change_acks(lambda ack: {**ack, "data": "" if ack["data"] is None else ack["data"]})


@fault
def created_becomes_ok() -> None:
    """201 is told as 200."""
    _change_acks(lambda ack: {**ack, "status": 200 if ack["status"] == 201 else ack["status"]})


@fault
def failures_are_ok() -> None:
    """``ok`` is true, whatever the status."""
    _change_acks(lambda ack: {**ack, "ok": True})


@fault
def errors_are_lost() -> None:
    """``errors`` is always null."""
    _change_acks(lambda ack: {**ack, "errors": None})


@fault
def error_text_changed() -> None:
    """One word of an error message is another."""
    _change_acks(lambda ack: json.loads(json.dumps(ack).replace("required", "missing")))


@fault
def order_reversed() -> None:
    """A list comes the other way round."""
    _change_acks(lambda ack: {**ack, "data": ack["data"][::-1] if isinstance(ack["data"], list) else ack["data"]})


@fault
def ids_become_text() -> None:
    """An id is told as "1" in place of 1."""
    _change_acks(lambda ack: json.loads(re.sub(r'"id": (\d+)', r'"id": "\1"', json.dumps(ack))))


@fault
def integers_become_floats() -> None:
    """A number is told as 34.0 in place of 34."""
    _change_acks(lambda ack: json.loads(re.sub(r'"age": (\d+)', r'"age": \1.0', json.dumps(ack))))


@fault
def kind_of_empty_answer_is_lost() -> None:
    """``meta.type`` is missing where ``response.json()`` would have rejected."""
    _change_acks(lambda ack: {key: value for key, value in ack.items() if key != "meta"})


@fault
def rows_beyond_ten_are_lost() -> None:
    """A long list is cut."""
    _change_acks(lambda ack: {**ack, "data": ack["data"][:10] if isinstance(ack["data"], list) else ack["data"]})


@fault
def not_ascii_is_lost() -> None:
    """Letters that are no ASCII become question marks."""
    _change_acks(lambda ack: json.loads(json.dumps(ack, ensure_ascii=False).encode("ascii", "replace")))


@fault
def nothing_is_acknowledged_after_a_refusal() -> None:
    """An answer of 4xx has no ack."""
    made = connection.wire.ack_text

    def ack_text(namespace: str, number: str, result: str) -> str:
        return "" if '"status":4' in result else made(namespace, number, result)

    connection.wire = type("Wire", (), {**vars(connection.wire), "ack_text": staticmethod(ack_text)})


@fault
def body_is_lost() -> None:
    """The request has no body."""
    _change_calls(lambda asked: replace(asked, body=None))


@fault
def null_fields_are_left_out() -> None:
    """A field whose value is null is not sent on."""

    def without_nulls(asked: Any) -> Any:
        body = json.loads(asked.body) if asked.body else None
        if not isinstance(body, dict):
            return asked
        return replace(asked, body=json.dumps({key: one for key, one in body.items() if one is not None}).encode())

    _change_calls(without_nulls)


@fault
def query_is_lost() -> None:
    """The request has no query."""
    _change_calls(lambda asked: replace(asked, query=""))


@fault
def unicode_in_paths_is_mangled() -> None:
    """A negative id loses its sign on the way into the path."""
    _change_calls(lambda asked: replace(asked, path=asked.path.replace("-", "")))


@fault
def writes_are_made_twice() -> None:
    """A request that writes is dispatched two times."""
    once = dispatch.Dispatcher._once

    def twice(self: Any, asked: Any, environ: Any) -> Any:
        if asked.method == "POST":
            once(self, asked, self._environ(asked, environ.get("bridge.native")))
        return once(self, asked, environ)

    dispatch.Dispatcher._once = twice


@fault
def cookies_are_not_kept() -> None:
    """A login's cookie does not reach the connection's jar."""
    cookies.CookieJar.update = lambda _jar, _headers, _path: False


@fault
def everybody_has_one_session() -> None:
    """All connections share one jar: whoever asks is who logged in last."""
    shared: list[Any] = []
    made = connection.CookieJar

    def jar(*args: Any, **kwargs: Any) -> Any:
        shared[:] = shared or [made(*args, **kwargs)]
        return shared[0]

    connection.CookieJar = jar


@fault
def logout_is_not_heard() -> None:
    """A cookie that is taken back stays in the jar."""
    update = cookies.CookieJar.update

    def kept(self: Any, headers: Any, path: str) -> bool:
        return update(self, [header for header in headers if "Max-Age=0" not in header], path)

    cookies.CookieJar.update = kept


@fault
def one_more_statement() -> None:
    """Each request asks the database something of its own."""
    from flask import request_started

    def ask(sender: Any, **_more: Any) -> None:
        from flask import request

        if "bridge.asked" in request.environ:
            with sender.extensions["sqlalchemy"].engine.connect() as open_connection:
                open_connection.exec_driver_sql("SELECT 1")

    _mark_requests()
    request_started.connect(ask, weak=False)


@fault
def a_connection_is_left_open() -> None:
    """A request takes a connection from the pool and never gives it back."""
    from flask import request_started

    kept: list[Any] = []

    def take(sender: Any, **_more: Any) -> None:
        from flask import request

        if "bridge.asked" in request.environ and request.method == "POST" and not kept:
            kept.append(sender.extensions["sqlalchemy"].engine.connect())

    _mark_requests()
    request_started.connect(take, weak=False)


@fault
def a_failed_write_is_committed_all_the_same() -> None:
    """What a request added is committed after it was refused."""
    _mark_requests()
    made = dispatch.Dispatcher._once

    def once(self: Any, asked: Any, environ: Any) -> Any:
        answer = made(self, asked, environ)
        if answer.status == 422 and asked.path == "/coaches":
            path = next(iter(_files()))
            with sqlite3.connect(path) as database:
                database.execute("UPDATE coaches SET age = age + 1 WHERE id = 1")
        return answer

    dispatch.Dispatcher._once = once


def _files() -> list[str]:
    return [os.environ["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")]


def _mark_requests() -> None:
    environ = dispatch.Dispatcher._environ
    dispatch.Dispatcher._environ = lambda *args: {**environ(*args), "bridge.asked": True}


@fault
def pushed_before_the_commit() -> None:
    """Live collections hear of a commit before it is made."""

    def then(original: Any, after: Any) -> Any:
        def both(made_by: Any, *args: Any, **kwargs: Any) -> Any:
            after(made_by)
            return original(made_by, *args, **kwargs)

        return both

    capture.Capture._then = staticmethod(then)


@fault
def pushed_after_a_rollback() -> None:
    """Live collections hear of what was rolled back."""
    attach = capture.Capture.attach

    def attached(self: Any, engine: Any) -> None:
        capture._forget = self._publish
        attach(self, engine)

    capture.Capture.attach = attached


@fault
def pushes_are_lost() -> None:
    """Live collections never hear of a commit."""
    capture.Capture._publish = lambda _self, _connection: None


def plant() -> None:
    """Plant the fault that the environment names."""
    FAULTS[os.environ["PARITY_FAULT"]]()


if os.environ.get("PARITY_FAULT"):
    plant()
