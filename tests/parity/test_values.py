"""Steps, comparing, shortening, accepting: the parts of parity that need no app."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies

from bridge.errors import BridgeError
from bridge.events import Event, EventMap
from bridge.parity.comparing import compare
from bridge.parity.ignoring import Ignore, read_ignores
from bridge.parity.observation import Observation
from bridge.parity.options import step_of
from bridge.parity.result import BRIDGED, Route, general
from bridge.parity.shorten import shorten, without
from bridge.parity.steps import ABSENT, Earlier, Step

values = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.text()
    | strategies.builds(Earlier, strategies.integers(0, 9), strategies.just(("id",)), strategies.integers()),
    lambda inner: strategies.lists(inner) | strategies.dictionaries(strategies.text(), inner),
    max_leaves=8,
)  # fmt: skip


@given(values | strategies.just(ABSENT), strategies.dictionaries(strategies.text(), values))
def test_a_step_survives_json(body: Any, params: dict[str, Any]) -> None:
    """What is written as JSON is read as the same step."""
    step = Step("new_coach", params, body, "A", {"If-Match": "1"})
    assert Step.from_dict(json.loads(json.dumps(step.to_dict()))) == step


def test_an_earlier_value_is_looked_up_and_has_a_stand_in() -> None:
    """The answer of the named step, or the value that stands in where there is none."""
    step = Step("get_coach", {"id": Earlier(0, ("coach", "id"), 9)})
    assert step.resolved([{"coach": {"id": 4}}]).params == {"id": 4}
    assert step.resolved([{"error": "no"}]).params == {"id": 9}
    assert step.resolved([]).params == {"id": 9}


@pytest.mark.parametrize("other", [1.0, True, "1", None, [1]])
def test_values_of_another_type_differ(other: Any) -> None:
    """1 is not 1.0, nor true, nor "1"."""
    difference, _ = compare(Observation(data={"age": 1}), Observation(data={"age": other}))
    assert difference is not None
    assert difference.path == "$.data.age"


def test_the_order_of_a_list_counts_where_something_fixes_it() -> None:
    """With ORDER BY it is a mismatch of the list, without it a warning that names the table."""
    ours, theirs = Observation(data=[{"id": 1}, {"id": 2}]), Observation(data=[{"id": 2}, {"id": 1}])
    difference, warnings = compare(ours, theirs)
    assert difference is not None
    assert (difference.path, warnings) == ("$.data", [])
    difference, warnings = compare(replace(ours, unordered=("coaches",)), theirs)
    assert difference is None
    assert "coaches is read without ORDER BY" in warnings[0]


def test_the_order_of_keys_is_a_warning() -> None:
    """An object is the same in another order of keys, and it is said."""
    difference, warnings = compare(Observation(data={"a": 1, "b": 2}), Observation(data={"b": 2, "a": 1}))
    assert difference is None
    assert warnings == ["the keys of $.data come in another order"]


def test_noise_is_passed_over_and_nothing_beside_it() -> None:
    """A path that varies by itself is masked for all items of a list; its neighbour is not."""
    ours = Observation(data=[{"at": 1, "id": 1}, {"at": 2, "id": 2}])
    assert compare(ours, Observation(data=[{"at": 1, "id": 1}, {"at": 9, "id": 2}]), {"$.data[*].at"}) == (None, [])
    difference, _ = compare(ours, Observation(data=[{"at": 9, "id": 7}, {"at": 2, "id": 2}]), {"$.data[*].at"})
    assert difference is not None
    assert difference.path == "$.data[0].id"


def test_each_part_of_an_observation_is_compared() -> None:
    """Whatever a candidate leaves behind otherwise is a difference."""
    seen = Observation()
    for part, value in (
        ("session", {"id": 1}), ("cookies", {"session": "set"}), ("rows", {"coaches": {"gone": [], "new": [[1]]}}),
        ("sql", {"statements": 1}), ("connections", 1), ("exception", "ValueError"), ("pushes", ("early",)),
        ("headers", {"vary": "Cookie"}), ("type", ""), ("errors", "x"), ("ok", True), ("status", 500),
    ):  # fmt: skip
        difference, _ = compare(seen, replace(seen, **{part: value}))
        assert difference is not None
        assert difference.part == part


def _named(steps: Sequence[Step]) -> list[str]:
    return [step.event for step in steps]


def test_a_sequence_is_shortened_to_what_it_needs() -> None:
    """Steps that nothing depends on go, in whatever place; the last one stays."""
    steps = [Step(name) for name in "abcdefgh"]
    shortest = shorten(steps, lambda some: {"b", "f"} <= {*_named(some)} and some[-1].event == "h", lambda _: iter(()))
    assert _named(shortest) == ["b", "f", "h"]


def test_a_step_is_made_as_simple_as_it_gets() -> None:
    """Every simpler form that still shows it is taken, until none does."""

    def simpler(step: Step) -> Any:
        return (replace(step, params={**step.params, "id": step.params["id"] - 1}) for _ in range(1))

    [step] = shorten([Step("a", {"id": 9})], lambda some: some[-1].params["id"] >= 4, simpler)
    assert step.params == {"id": 4}


def test_earlier_values_follow_their_step() -> None:
    """Where a step before goes, the number changes; where it is the one that goes, its stand-in takes the place."""
    steps = [Step("a"), Step("b"), Step("c", {"x": Earlier(1, ("id",), 7), "y": Earlier(0, ("id",), 8)})]
    assert without(steps, 0, 1)[-1].params == {"x": Earlier(0, ("id",), 7), "y": 8}


def test_a_difference_is_accepted_where_it_was_said() -> None:
    """By event or route, at the path and below it, with stars; not elsewhere, and not after its day."""
    route = Route("new_coach", "POST", "/coaches", (BRIDGED,))
    assert Ignore("POST /coaches", "$.headers", "why").covers(route, "$.headers.etag")
    assert Ignore("new_*", "$.data[*].at", "why").covers(route, "$.data[3].at")
    assert not Ignore("new_*", "$.data[*].at", "why").covers(route, "$.data[3].attic")
    assert not Ignore("PATCH /coaches", "$.headers", "why").covers(route, "$.headers.etag")
    [old] = read_ignores(["POST /coaches | $.status | why | 2020-01-01"])
    assert not old.covers(route, "$.status")


@pytest.mark.parametrize("line", ["POST /coaches", "a | b", "a | b | ", "a | b | c | soon", "a | b | c | d | e"])
def test_what_is_accepted_needs_a_reason(line: str) -> None:
    """A line that lacks a part, or names no day, is refused in a sentence."""
    with pytest.raises(BridgeError):
        read_ignores([line])


def test_a_call_is_found_by_its_path() -> None:
    """Path parameters are taken from the path; what is no route, or no JSON, is refused."""
    known = EventMap.of(
        [Event("update_coach", "PATCH", "/coaches/<int:id>", ("id",)), Event("login", "POST", "/login")]
    )
    assert step_of('PATCH /coaches/3 {"name": "Ann"}', known) == Step("update_coach", {"id": "3"}, {"name": "Ann"})
    for wrong in ("POST /coaches/3 {}", "POST /login {oops}", "login", "PATCH /coaches/3/4 {}"):
        with pytest.raises(BridgeError):
            step_of(wrong, known)


def test_general_paths_stand_for_all_items() -> None:
    """Positions in lists go, keys that look like them stay."""
    assert general("$.data[12].tags[0].name") == "$.data[*].tags[*].name"
    assert general('$.data["0"]') == '$.data["0"]'
