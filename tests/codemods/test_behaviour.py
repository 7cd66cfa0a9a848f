"""Each fixture does with a socket what it did with fetch, before one real server, whatever it answers.

The input runs with Node's own fetch, the output with the client module and socket.io-client. Requests are
compared as the Resource sees them; what the code does is compared call by call, with its order and whether
it came before or after the answer. allowances.py says where they may differ.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.codemods.behaviour.allowances import NAMES, Pair, allowance
from tests.codemods.behaviour.answers import CIRCUMSTANCES
from tests.codemods.behaviour.driver import Driver, Log
from tests.codemods.behaviour.fixtures import after, before
from tests.codemods.behaviour.server import Gates, make_app
from tests.codemods.cases import EVENTS, LIVE, Case, live_pairs, pairs, rewrite_case

DOCS = Path(__file__).parents[2] / "docs" / "codemods.intro.md"
CASES = {case.name: case for case in [*pairs(), *live_pairs()]}
SAID = {"", "runs_later", "missing_parameter", "ignored", "logged", "live"}
"""What may differ where the answer is JSON: nothing, or what the report says of the call."""
Observed = dict[str, dict[str, tuple[Log, Log]]]


def observe(driver: Driver, cases: list[Case]) -> Observed:
    """Return (before, after) for each fixture and circumstance; all of them run side by side."""
    jobs = [(side(case), one) for case in cases for one in CIRCUMSTANCES.values() for side in (before, after)]
    logs = iter(driver.run(jobs))
    return {case.name: {name: (next(logs), next(logs)) for name in CIRCUMSTANCES} for case in cases}


@pytest.fixture(scope="module")
def observed(driver: Driver, request: pytest.FixtureRequest) -> Observed:
    """Run the fixtures that the selected tests ask for."""
    chosen = [
        item.callspec.params["name"]
        for item in request.session.items
        if "observed" in item.fixturenames and hasattr(item, "callspec")
    ]  # type: ignore[attr-defined]
    every = any("observed" in item.fixturenames and not hasattr(item, "callspec") for item in request.session.items)
    return observe(driver, [case for name, case in CASES.items() if every or name in chosen])


@cache
def notes_on(name: str) -> str:
    """Return what the report says of a fixture's calls."""
    return " ".join(site.message for site in rewrite_case(CASES[name], is_live=name.startswith(LIVE)).sites)


def paired(observed: Observed, name: str, circumstance: str) -> Pair:
    """Return a pair of logs with all that an allowance may look at."""
    case = CASES[name]
    old, new = observed[name][circumstance]
    usual = {one: logs[0] for one, logs in observed[name].items()}
    output = "\n".join(after(case).files.values())
    return Pair(old, new, CIRCUMSTANCES[circumstance], usual, output, notes_on(name))


@pytest.mark.parametrize("name", CASES)
def test_rewritten_code_does_what_it_did(observed: Observed, name: str) -> None:
    """Before and after ask for the same, and do the same with every answer, at the same time."""
    for circumstance in CIRCUMSTANCES:
        pair = paired(observed, name, circumstance)
        if allowance(pair) is None:
            assert pair.after == pair.before, circumstance
            pytest.fail(f"{circumstance}: {pair}")


@pytest.mark.parametrize("name", CASES)
def test_fixture_was_executed(observed: Observed, name: str) -> None:
    """No fixture passes by doing nothing: it asks the server for something, and does so with a socket."""
    old, new = observed[name]["200 object"]
    assert any(entry[0] == "ask" and entry[2] is not None for entry in old)
    assert [entry for entry in new if entry[0] == "ask"] == [entry for entry in old if entry[0] == "ask"]


def test_each_allowance_is_needed_and_they_are_few(observed: Observed) -> None:
    """What may differ is a short list, and each line of it is there for a fixture."""
    counted = Counter(allowance(paired(observed, name, one)) for name in CASES for one in CIRCUMSTANCES)
    assert set(counted) >= NAMES
    assert len(NAMES) <= 10


def test_each_allowance_is_documented() -> None:
    """The table of the docs names just what is allowed."""
    section = DOCS.read_text().split("## What may differ")[1]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == NAMES


def test_answers_that_are_json_leave_no_room(observed: Observed) -> None:
    """Where the server answers in JSON, both sides do just the same, but for calls that the report calls later."""
    for name in CASES:
        for circumstance, one in CIRCUMSTANCES.items():
            if one.is_json and one.body != "null":
                assert allowance(paired(observed, name, circumstance)) in SAID


def test_events_of_the_server_are_those_of_the_fixtures() -> None:
    """The map that fixtures are rewritten by is the live app's own."""
    _, bridge = make_app(EVENTS, Gates())
    live = {(one.event, one.method, one.rule, tuple(one.params)) for one in bridge.event_map}
    assert live == {(one.event, one.method, one.rule, tuple(one.params)) for one in EVENTS}
