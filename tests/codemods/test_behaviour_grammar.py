"""Front ends that nobody wrote: drawn from a grammar, rewritten, and executed before and after."""

from __future__ import annotations

from tests.codemods.behaviour.driver import Driver
from tests.codemods.behaviour.explore import Program, differences, drawn

_SEED, _COUNT = 20261124, 40


def test_drawn_front_ends_do_what_they_did(driver: Driver) -> None:
    """Whatever calls, handlings and places are put together, before and after do the same."""
    found = list(differences(driver, drawn(_SEED, _COUNT)))
    assert not found, "\n".join(map(str, found))


def test_a_fault_in_a_drawn_front_end_is_seen(driver: Driver) -> None:
    """A program that no longer does a thing is found among the others."""
    programs = drawn(_SEED, 8)
    spoilt = [Program(one.before, one.after.replace("do1(", "do2("), one.notes, one.rules) for one in programs]
    assert spoilt != programs
    assert list(differences(driver, spoilt))


def test_most_of_the_grammar_is_rewritten() -> None:
    """The grammar asks for what the codemod can do, by all of its rules for fetch."""
    programs = drawn(_SEED, 200)
    assert len(programs) > 170
    rules = frozenset[str]().union(*(one.rules for one in programs))
    assert {"fetch_all", "fetch_alone", "fetch_await", "fetch_chain", "fetch_then"} <= rules
