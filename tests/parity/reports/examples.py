"""Runs to make reports of: as many routes and mismatches as a test asks for, always the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bridge.parity.observation import Observation
from bridge.parity.result import BRIDGED, NATIVE, Cell, Difference, Mismatch, Note, Result, Route
from bridge.parity.steps import ABSENT, Earlier, Step

BOTH = (BRIDGED, NATIVE)
EVIL = '</script><script>alert(1)</script><img src=x onerror="alert(2)">\u202e\x1b[2J]]>\udcff'
"""What a report must show and never obey."""
COMMAND = "fetch2socket parity server.app:app --only new_coach --seed 7"
SHORT = ["Shorter than minimum length 2."]
COACHES = Route("new_coach", "POST", "/coaches", BOTH)
COACH = Route("update_coach", "PATCH", "/coaches/<int:id>", BOTH)
LOGIN = Route("login", "POST", "/login", (BRIDGED,))

_WORDS = ("trainer", "client", "plan", "exercise", "workout_session", "payment", "message", "goal", "invoice", "review")
_RULES = (
    ("get_{0}s", "GET", "/{0}s"),
    ("new_{0}", "POST", "/{0}s"),
    ("get_{0}", "GET", "/{0}s/<int:id>"),
    ("update_{0}", "PATCH", "/{0}s/<int:id>"),
    ("delete_{0}", "DELETE", "/{0}s/<int:id>"),
    ("get_organization_{0}_notes", "GET", "/organizations/<int:organization_id>/{0}s/<int:{0}_id>/notes"),
)


def mismatch(
    path: str = "$.errors.name",
    values: tuple[Any, Any] = (SHORT, None),
    route: Route = COACHES,
    sides: tuple[Observation, Observation] | None = None,
    **more: Any,
) -> Mismatch:
    """Return a mismatch of a native handler that a POST by a logged-in coach shows."""
    names = path.removeprefix("$.").split(".")
    control, candidate = sides or (
        _observed(422, {"errors": {"name": SHORT}}, names, values[0]),
        _observed(500, {"message": "Internal Server Error"}, names, values[1]),
    )
    given: dict[str, Any] = {
        "steps": (
            Step("login", body={"username": "ada", "password": "secret-1"}, who="A"),
            _last(route),
        ),
        "seed": 7,
        "command": COMMAND,
        "times": 14,
    }
    observations = {"control": control, "candidate": candidate}
    return Mismatch(route, route.surfaces[-1], Difference(path, *values), **(observations | given | more))


def _observed(status: int, data: Any, names: Sequence[str], value: Any) -> Observation:
    """Return an answer of that status in which the path leads to the value."""
    inner: Any = value
    for name in reversed(names[1:]):
        inner = {name: inner}
    part = {} if value is ABSENT else {names[0]: inner}
    return replace(Observation(status=status, data=data, sql={"statements": 3, "commits": 0, "rollbacks": 1}), **part)


def _last(route: Route) -> Step:
    names = re.findall(r"<int:(\w+)>", route.rule)
    body = {"name": ""} if route.method in {"POST", "PATCH"} else ABSENT
    return Step(route.event, {name: Earlier(0, ("id",), 1) for name in names}, body, "A")


def routes(number: int) -> tuple[Route, ...]:
    """Return that many routes; every third has no native handler."""
    found = [LOGIN] + [
        Route(event.format(word), method, rule.format(word), BOTH if (at + 1) % 3 else (BRIDGED,))
        for word in _WORDS
        for at, (event, method, rule) in enumerate(_RULES)
    ]
    return tuple(found[:number])


def run(number: int = 5, found: int = 0, **more: Any) -> Result:
    """Return a whole run over so many routes; mismatches are spread over the first of them."""
    asked = routes(number)
    cells, untested = [], []
    for at, route in enumerate(asked):
        for surface in route.surfaces:
            cells.append(Cell(route.event, surface, "2xx", 40 + 37 * at))
            cells.append(Cell(route.event, surface, "4xx", 12 + at, 0))
            if at % 4 == 1:
                untested.append((route.event, surface, "5xx"))
    shown = [_one_of_many(at, asked) for at in range(found)]
    for one in shown:
        at = next(i for i, cell in enumerate(cells) if _place(cell) == (one.route.event, one.surface, "4xx"))
        cells[at] = replace(cells[at], mismatched=cells[at].mismatched + 1)
    return Result(
        **{
            "source": "server.app:app",
            "seed": 7,
            "routes": asked,
            "cells": tuple(cells),
            "untested": tuple(untested),
            "mismatches": tuple(shown),
            "noise": (Note(asked[0], "http", "$.data[*].fetched_at", "Two runs over HTTP differ here.", 31),),
            "warnings": (Note(asked[1], NATIVE, "$.data", "The order of coaches is fixed by no ORDER BY.", 4),),
            "ignored": (Note(asked[-1], NATIVE, "", "Waits for the new invoices, until 2031-01-01."),),
            "steps": 640,
            "comparisons": 1200,
            "seconds": 8.0,
            "versions": {"fetch2socket": "0.1.0", "flask": "3.1.2", "python": "3.11.9"},
            **more,
        }
    )


def _place(cell: Cell) -> tuple[str, str, str]:
    return cell.event, cell.surface, cell.status_class


def _one_of_many(at: int, asked: Sequence[Route]) -> Mismatch:
    route = asked[1 + (at * 5) % (len(asked) - 1)]
    row = {"id": 4, "name": "Ada", "speciality": "strength", "email": "ada@example.org", "is_active": True}
    rows = [row | {"id": number} for number in range(1, 9)]
    long = "A" * 60 + "da Lovelace"
    made = Observation(201, True, row, rows={"coaches": {"gone": [], "new": [row]}})
    return [
        mismatch(route=route),
        mismatch("$.status", (201, 200), route, (made, replace(made, status=200))),
        mismatch(
            f"$.data[{at % 8}].name",
            (long, long[:62]),
            route,
            (
                Observation(200, True, [one | {"name": long} for one in rows]),
                Observation(200, True, [one | {"name": long[:62]} for one in rows]),
            ),
        ),
        mismatch(
            "$.rows.coaches.new[1]",
            (ABSENT, row),
            route,
            (made, replace(made, rows={"coaches": {"gone": [], "new": [row, row]}})),
        ),
    ][at % 4]
