"""The report at a terminal: what it says, and that it fits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridge.parity.observation import Observation
from bridge.parity.reports import render
from bridge.parity.reports.describing import by_event
from bridge.parity.reports.text import render as render_text
from bridge.parity.reports.text_mismatch import explanation
from bridge.parity.result import Note
from bridge.parity.steps import ABSENT, Earlier, Step
from tests.parity.reports.examples import COACH, COACHES, COMMAND, EVIL, LOGIN, mismatch, run

KNOWN = by_event((COACHES, COACH, LOGIN))


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()]


def test_each_route_has_a_row() -> None:
    """A row says what was asked, on which surfaces, which statuses were seen, and the verdict."""
    heading, *rows = [" ".join(line.split()) for line in lines_of(render(run(), "text"))[:6]]
    assert heading == "route surfaces 2xx 3xx 4xx 5xx steps verdict"
    assert rows[0] == "POST /login = login bridge 40 12 52 equal"
    assert rows[1] == "GET /trainers = get_trainers bridge native 154 26 - 180 equal, 2 untested"


def test_mismatch_is_told_in_full() -> None:
    """The path, both values, the shortest sequence with its URLs, where else they differ, the seed and the command."""
    assert explanation(mismatch(route=COACH), KNOWN).splitlines() == [
        "MISMATCH  PATCH /coaches/<int:id> = update_coach (native)   $.errors.name  14 times",
        '  control    422  ["Shorter than minimum length 2."]',
        "  candidate  500  null",
        "  the shortest sequence that shows it, 2 steps:",
        "    1. as A  POST /login",
        '             {"username": "ada", "password": "secret-1"}',
        "    2. as A  PATCH /coaches/<id of step 1>",
        '             {"name": ""}',
        "  both observations where they differ, 4 paths:",
        "    path            control                                 candidate",
        '    $.errors.name   ["Shorter than minimum length 2."]      null',
        "    $.status        422                                     500",
        '    $.data.errors   {"name": ["Shorter than minimum lengt…  (nothing there)',
        '    $.data.message  (nothing there)                         "Internal Server Error"',
        f"  seed 7, id {mismatch(route=COACH).id}; repeat it with",
        f"    {COMMAND}",
    ]


def test_long_values_are_cut_around_what_differs() -> None:
    """Of two long texts that differ in the middle, the same part is shown, with the difference in it."""
    left, right = ("start " * 50 + word + " end" * 50 for word in ("cat", "dog"))
    shown = lines_of(explanation(mismatch("$.data", (left, right)), KNOWN, width=60))
    assert next(line for line in shown if "cat" in line).startswith("control    422  …")
    assert next(line for line in shown if "dog" in line).startswith("candidate  500  …")
    assert max(map(len, shown)) <= 60


def test_steps_say_who_asks_for_what() -> None:
    """Parameters fill the rule, the others are the query; headers and bodies follow; a logged-out caller is said."""
    steps = (
        Step("update_coach", {"id": 3, "page": 2, "tag": ["a b", "c&d"]}, None, headers={"If-Match": '"1"'}),
        Step("update_coach", {"id": Earlier(0, ("rows", 0, "id"))}, {"n": "x" * 300, "id": Earlier(0, ())}, "B"),
    )
    shown = lines_of(explanation(mismatch(steps=steps), KNOWN))
    assert shown[4:9] == [
        "1. logged out  PATCH /coaches/3?page=2&tag=a%20b&tag=c%26d",
        'If-Match: "1"',
        "null",
        "2. as B        PATCH /coaches/<rows[0].id of step 1>",
        '{"n": "x" x 300, "id": <answer of step 1>}',
    ]


def test_one_like_many_is_told_once() -> None:
    """The same difference in every item of a list is one line with a number."""
    lists = (
        Observation(200, True, [{"id": str(n)} for n in range(9)]),
        Observation(200, True, [{"id": n} for n in range(9)]),
    )
    shown = explanation(mismatch("$.data[0].id", ("0", 0), sides=lists), KNOWN)
    assert "$.data[0].id  and 8 more like it" in shown
    assert shown.count("$.data[") == 2


def test_what_is_not_listed_is_counted() -> None:
    """Beyond a dozen paths their number is said."""
    sides = tuple(Observation(data={f"k{n}": side for n in range(20)}) for side in "ab")
    assert "and 8 paths more" in explanation(mismatch("$.data.k0", ("a", "b"), sides=sides), KNOWN)


@pytest.mark.parametrize(("left", "right"), [(1, True), (1, 1.0), (0, False), (None, ABSENT), ("1", 1)])
def test_values_that_python_calls_equal_are_shown_as_different(left: object, right: object) -> None:
    """1, 1.0, true and "1" are four values; null is not nothing."""
    data = [{} if one is ABSENT else {"a": one} for one in (left, right)]
    sides = (Observation(data=data[0]), Observation(status=1, data=data[1]))
    assert "$.data.a  " in explanation(mismatch("$.status", (0, 1), sides=sides), KNOWN)


def test_all_that_is_no_mismatch_is_told_too() -> None:
    """Noise, warnings, what is ignored and why, and untested cells by route are listed."""
    shown = render(run(), "text")
    for line in (
        "  POST /login = login (http) $.data[*].fetched_at, 31 times: Two runs over HTTP differ here.",
        "  GET /trainers = get_trainers (native) $.data, 4 times: The order of coaches is fixed by no ORDER BY.",
        "Waits for the new invoices, until 2031-01-01.",
        "Coverage: 88 % of the cells (route x surface x class of status) were reached; 2 untested:",
        "  GET /trainers = get_trainers: bridge 5xx; native 5xx",
    ):
        assert line in shown


def test_last_lines_sum_up() -> None:
    """They say how many comparisons there were, how fast, and whether anything differs."""
    assert render(run(), "text").splitlines()[-2:] == [
        "No mismatch in 1,200 comparisons of 5 routes.",
        "1,200 comparisons in 8.0 s (150 a second), 640 steps, seed 7",
    ]
    stopped = render(run(5, 2, finished=False), "text").splitlines()[-2]
    assert stopped.startswith("2 mismatches on 2 routes")
    assert stopped.endswith("The run was stopped before its end.")


def test_nothing_compared_is_not_called_equal() -> None:
    """A run that could ask nothing says so, also of its routes."""
    shown = render(run(cells=(), comparisons=0, seconds=0.0), "text")
    assert "Nothing was compared." in shown
    assert "not tested" in shown
    assert "equal" not in shown.split("Noise")[0]


@pytest.mark.parametrize("width", [40, 60, 79, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """Only commands are, which are to be copied whole."""
    shown = render_text(run(30, 12), width).splitlines()
    assert max(len(line) for line in shown if COMMAND not in line) <= width
    assert sum(COMMAND in line for line in shown) == 12


def test_values_cannot_steer_the_terminal() -> None:
    """Escape sequences, markup of rich and bidirectional marks in values and sentences are shown, not obeyed."""
    one = mismatch(
        f"$.data.{EVIL}", (EVIL, f"[red]{EVIL}"), steps=(Step("login", {"q": EVIL}, EVIL, EVIL, {"X-A": EVIL}),)
    )
    note = Note(COACHES, "http", EVIL, f"[bold]{EVIL}")
    shown = render(replace(run(), mismatches=(one,), noise=(note,)), "text")
    assert "[bold]" in shown
    assert "[red]" in shown
    assert all(line.isprintable() for line in shown.split("\n"))
    shown.encode()


def test_colours_only_where_they_are_asked_for() -> None:
    """A file gets none."""
    assert "\x1b[" in render_text(run(), 100, is_coloured=True)
    assert "\x1b" not in render(run(5, 4), "text")


def test_narrow_terminal_has_a_route_above_its_figures() -> None:
    """A name is not folded into a column of a few characters."""
    assert render_text(run(), 60).splitlines()[2:4] == [
        "GET /trainers = get_trainers",
        "  equal, 2 untested  2xx 154  4xx 26  5xx -  bridge native",
    ]
