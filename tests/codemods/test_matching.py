"""URLs against rules, as Werkzeug matches them."""

from __future__ import annotations

import pytest

from codemods import reasons
from codemods.matching import match
from codemods.results import Left
from codemods.urls import Hole, Parts, Text, join
from tests.codemods.cases import EVENTS


def url(text: str) -> Parts:
    """Read "/coaches/{id}"."""
    parts: list[Text | Hole] = []
    for index, piece in enumerate(text.replace("}", "{").split("{")):
        parts.append(Hole(piece) if index % 2 else Text(piece))
    return join(parts)


@pytest.mark.parametrize(
    ("method", "text", "event"),
    [
        ("GET", "/coaches", "get_coaches"),
        ("GET", "/coaches/7", "get_coach"),
        ("GET", "/coaches/{id}", "get_coach"),
        ("GET", "/coaches/{id}/plans", "get_coach_plans"),
        ("GET", "/coaches?page={p}", "get_coaches"),
        ("GET", "/coaches#top", "get_coaches"),
        ("GET", "/users/me", "get_users_me"),
        ("GET", "/users/ann", "get_user"),
        ("GET", "/users/{name}", "get_user"),
        ("GET", "/reports/{name}.json", "get_report"),
        ("GET", "/reports/july.json", "get_report"),
        ("GET", "/items/7", "get_item"),
        ("GET", "/items/seven", "get_item_by_name"),
        ("GET", "/items/{id}", "get_item_by_name"),
        ("GET", "/files/a/b.txt", "get_file"),
        ("GET", "/stats/", "get_stats"),
    ],
)
def test_match(method: str, text: str, event: str) -> None:
    """Each URL reaches this event."""
    assert match(EVENTS, method, url(text)).event.event == event


@pytest.mark.parametrize(
    ("method", "text", "reason"),
    [
        ("GET", "/coaches/", reasons.NO_ROUTE),
        ("GET", "/coaches/abc", reasons.NO_ROUTE),
        ("GET", "/coaches/-7", reasons.NO_ROUTE),
        ("GET", "/stats", reasons.NO_ROUTE),
        ("GET", "/nothing", reasons.NO_ROUTE),
        ("DELETE", "/coaches", reasons.WRONG_METHOD),
        ("GET", "/users/u-{id}", reasons.PARTIAL_SEGMENT),
        ("GET", "/coaches?{q}", reasons.QUERY_UNRESOLVED),
        ("GET", "/coaches?a=1&a=2", reasons.QUERY_UNRESOLVED),
        ("GET", "/coaches/{id}?id=3", reasons.QUERY_UNRESOLVED),
    ],
)
def test_no_match(method: str, text: str, reason: str) -> None:
    """Each URL reaches none, for this reason."""
    with pytest.raises(Left) as caught:
        match(EVENTS, method, url(text))
    assert caught.value.reason == reason


def test_params_and_query() -> None:
    """Path parameters by name, the query string decoded."""
    found = match(EVENTS, "GET", url("/coaches/{c.id}?page=2&q=a%20b+c&sort={s}"))
    assert found.params == (("id", Hole("c.id")),)
    assert found.query == (("page", Text("2")), ("q", Text("a b c")), ("sort", Hole("s")))


def test_an_answer_is_told_again() -> None:
    """What was worked out once is said again: the same match, the same reason in an error of its own."""
    path = url("/coaches/{id}")
    assert match(EVENTS, "GET", path) is match(EVENTS, "GET", path)
    with pytest.raises(Left) as first:
        match(EVENTS, "GET", url("/nowhere"))
    with pytest.raises(Left) as second:
        match(EVENTS, "GET", url("/nowhere"))
    assert first.value is not second.value
    assert (first.value.reason, first.value.message) == (second.value.reason, second.value.message)
    assert match(EVENTS, "GET", url("/coaches")).event.event != match(EVENTS, "POST", url("/coaches")).event.event
