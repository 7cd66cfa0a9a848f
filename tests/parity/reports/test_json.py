"""The JSON report: whole, stable, and read back as the run it was made of."""

from __future__ import annotations

import json
import re

import pytest

from bridge.errors import BridgeError
from bridge.parity.observation import PARTS, Observation
from bridge.parity.reports import json_report
from bridge.parity.reports.json_report import read, render
from bridge.parity.steps import ABSENT
from tests.parity.reports.examples import EVIL, mismatch, run


@pytest.mark.parametrize("mismatches", [0, 30])
def test_report_is_read_back_whole(mismatches: int) -> None:
    """What was written and read is the run, sequences with values of earlier answers among it."""
    whole = run(60, mismatches)
    assert read(render(whole)) == whole


@pytest.mark.parametrize("value", [None, ABSENT, 0, 0.0, False, "", EVIL, {"$odd key": [1, {"a": None}]}], ids=repr)
def test_any_value_comes_back(value: object) -> None:
    """Null and no value at all are two things; markup, escapes and half surrogate pairs are values as any other."""
    one = mismatch("$.data", (value, value))
    (back,) = read(render(run(mismatches=(one,)))).mismatches
    assert back == one
    assert type(back.difference.control) is type(value)


def test_parts_that_are_not_compared_come_back() -> None:
    """Pushes and unordered tables are tuples again."""
    seen = Observation(200, True, pushes=("coaches was pushed before the commit",), unordered=("coaches",))
    (back,) = read(render(run(mismatches=(mismatch(sides=(seen, seen)),)))).mismatches
    assert back.control == seen


def test_every_key_is_documented() -> None:
    """The module says of each key of the document, of a mismatch and of an observation what it is."""
    document = json.loads(render(run(5, 1)))
    (one,) = document["mismatches"]
    words = set(re.findall(r"\w+", json_report.__doc__ or ""))
    rows = [document, one, document["routes"][0], document["cells"][0], document["noise"][0], document["untested"][0]]
    assert {key for row in rows for key in row} <= words
    assert set(one["observations"]["control"]) == {*PARTS, "unordered"}


def test_figures_are_those_of_the_run() -> None:
    """The share of cells that were reached and the verdict stand in the report, for programs that don't count."""
    document = json.loads(render(run(5, 1)))
    assert document["ok"] is False
    assert document["coverage"] == 0.8889  # 16 of 18
    assert document["mismatches"][0]["id"] == run(5, 1).mismatches[0].id


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2}'])
def test_what_is_no_report_is_refused_in_a_sentence(text: str) -> None:
    """Another document, or one of another version, says what to do."""
    with pytest.raises(BridgeError, match=r"--report json:FILE|run parity again"):
        read(text)
