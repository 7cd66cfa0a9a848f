"""Edges: from a good step, one thing at a time that is wrong, or just right; the most telling first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from bridge.parity.inputs.known import Known
from bridge.parity.inputs.values import existing, good, good_value, text_of
from bridge.parity.steps import ABSENT, Step
from bridge.parity.takes import Field, Takes

#: More than an INTEGER column holds, and still written without an exponent by JavaScript.
HUGE = 2**63
ODD_TEXTS = ("", " ", "Ünïcödé ✓ 🏋", "\"quoted\" & <script>alert('x')</script>", "0", "null", "x" * 1000)
ODD_PATH_TEXTS = ("unknown", "Ünïcödé ✓", "with space", "100%", "a+b&c=d")
ODD_NUMBERS = (0, -1, 987654, HUGE, "text")
ODD_BODIES: tuple[Any, ...] = ({}, ABSENT, [], "text", 7)
_WRONG: dict[str, tuple[Any, ...]] = {
    "text": (7, -2.5, True, [1], {"a": 1}, "", " "),
    "number": ("text", "12", "12.5", "", 2.5, True, [1], {"a": 1}, HUGE, -1, 0),
    "other": ("text", "", 7, True, False, [], [1, None], {}, {"a": 1}),
}
_TEXT_KINDS = ("string", "email", "url", "date", "datetime", "time", "uuid", "any")
_GOOD_ONES = 3


def first_steps(all_takes: Sequence[Takes], known: Known, whos: Sequence[str]) -> Iterator[Step]:
    """Yield what is asked first: each route's good step as each of those who may ask; deleting comes last."""
    order = {"GET": 0, "HEAD": 0, "POST": 1, "PUT": 2, "PATCH": 2}
    takes_in_order = sorted(all_takes, key=lambda one: (order.get(one.method, 3), bool(one.params)))
    for takes in takes_in_order:
        for who in whos:
            yield replace(good(takes, known), who=who)


def session_sequences(
    all_takes: Sequence[Takes], known: Known, changers: Mapping[str, str], depending: Collection[str]
) -> Iterator[list[Step]]:
    """Yield sequences of two: a step that logs somebody in or out, then one whose answer depends on who asks."""
    by_event = {takes.event: takes for takes in all_takes}
    for changer, who in changers.items():
        for event in depending:
            if changer in by_event and event in by_event:
                first, then = (good(by_event[one], known) for one in (changer, event))
                yield [replace(first, who=who), replace(then, who=who)]


def boundary_steps(
    all_takes: Sequence[Takes], known: Known, whos: Sequence[str], let_in: Mapping[str, str]
) -> Iterator[Step]:
    """Yield the edges of all routes in turn, so that a short budget reaches each; asked by one who is let in."""
    del whos
    turns = [_as(boundary(takes, known), let_in.get(takes.event, "")) for takes in all_takes]
    for turn in zip_longest(*turns):
        yield from (step for step in turn if step is not None)


def _as(steps: Iterator[Step], who: str) -> Iterator[Step]:
    for step in steps:
        yield replace(step, who=who)


def boundary(takes: Takes, known: Known) -> Iterator[Step]:
    """Yield the edges of one route."""
    start = good(takes, known)
    yield from (good(takes, known, number) for number in range(1, _GOOD_ONES if takes.has_body else 1))
    yield from _params(takes, known, start)
    yield from _queries(takes, known, start)
    if takes.has_body:
        yield from _bodies(takes, known, start)


def _params(takes: Takes, known: Known, start: Step) -> Iterator[Step]:
    for field in takes.params:
        odd: tuple[Any, ...] = ODD_PATH_TEXTS if field.kind == "string" else ODD_NUMBERS
        for value in (*field.choices, *existing(field, takes, known), *odd):
            yield replace(start, params={**start.params, field.name: value})


def _queries(takes: Takes, known: Known, start: Step) -> Iterator[Step]:
    for field in takes.query:
        fits = good_value(field, takes, known)
        for value in (fits, *field.choices[:4], "", "odd value ✓", -1, HUGE, ["a", "b"]):
            yield replace(start, params={**start.params, field.name: value})
    if takes.method == "GET":
        yield replace(start, params={**start.params, "nothing_known": "é&="})


def _bodies(takes: Takes, known: Known, start: Step) -> Iterator[Step]:
    body = dict(start.body) if isinstance(start.body, dict) else {}
    edges = [list(_edges(field, takes, known)) for field in takes.body]
    for field in takes.body:
        yield replace(start, body={key: value for key, value in body.items() if key != field.name})
        yield replace(start, body={**body, field.name: None})
    if takes.method in ("PATCH", "PUT"):
        yield from (replace(start, body={key: value}) for key, value in body.items())
    yield from (replace(start, body=one) for one in ODD_BODIES)
    yield replace(start, body={**body, "something_else": "x"})
    yield replace(start, body={**body, "id": 1})
    for turn in zip_longest(*edges, fillvalue=ABSENT):
        for field, value in zip(takes.body, turn, strict=True):
            if value is not ABSENT:
                yield replace(start, body={**body, field.name: value})


def _edges(field: Field, takes: Takes, known: Known) -> Iterator[Any]:
    """Yield values of one field that are just right, just wrong, or of another kind; none twice."""
    told: set[str] = set()
    for value in (*_bounds(field), *field.choices[1:4], *_taken(field, takes, known), *odd_values(field)):
        if repr(value) not in told:
            told.add(repr(value))
            yield value


def odd_values(field: Field) -> tuple[Any, ...]:
    """Return values that are odd for a field of this kind, whatever its bounds."""
    if field.kind in ("integer", "number"):
        return _WRONG["number"]
    if field.kind in _TEXT_KINDS:
        return (*_WRONG["text"], *ODD_TEXTS)
    return _WRONG["other"]


def _bounds(field: Field) -> Iterator[Any]:
    for bound, step in ((field.min, -1), (field.max, 1)):
        if bound is not None:
            yield from (int(bound), int(bound) + step)
    if field.kind in _TEXT_KINDS:
        for length, step in ((field.min_length, -1), (field.max_length, 1)):
            if length is not None:
                yield from (text_of(length), text_of(length + step))


def _taken(field: Field, takes: Takes, known: Known) -> Iterator[Any]:
    """Yield a value that is taken, where it must be unique; an id that nothing has, where it points to something."""
    if field.unique:
        yield from known.like(field, takes.tables)[:1]
    if field.table or known.table_named(field.name):
        yield from (987654, 0)
