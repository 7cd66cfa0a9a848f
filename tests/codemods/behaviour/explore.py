"""``python -m tests.codemods.behaviour.explore --count 2000``: front ends that nobody wrote, before and after.

``make test`` runs a few dozen of them; this runs as many as you like, and prints each that does something else.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from tests.codemods.behaviour.allowances import Pair, allowance
from tests.codemods.behaviour.answers import CIRCUMSTANCES, Circumstance
from tests.codemods.behaviour.driver import Driver, FrontEnd, Log, driving
from tests.codemods.behaviour.grammar import Grammar
from tests.codemods.cases import EVENTS, rewrite_text

_ENTRY = "/app/src/input.jsx"
_BATCH = 100


@dataclass(frozen=True)
class Program:
    """A front end that was drawn, what it was rewritten to, and what the report says of it."""

    before: str
    after: str
    notes: str
    rules: frozenset[str]


@dataclass(frozen=True)
class Difference:
    """A program that does something else than it did."""

    program: Program
    circumstance: str
    before: Log
    after: Log

    def __str__(self) -> str:
        parts = [f"==== {self.circumstance}   {self.program.notes}", self.program.before, "---- after"]
        parts += [self.program.after, "---- it did, and does", json.dumps(self.before), json.dumps(self.after)]
        return "\n".join(parts)


def drawn(seed: int, count: int) -> list[Program]:
    """Return those of ``count`` programs that are rewritten."""
    grammar = Grammar(Random(seed))
    programs = [_rewritten(grammar.program()) for _ in range(count)]
    return [one for one in programs if one.after != one.before]


def _rewritten(text: str) -> Program:
    result = rewrite_text(text)
    notes = " ".join(site.message for site in result.sites)
    return Program(text, result.after.decode(), notes, frozenset(site.rule for site in result.sites))


def differences(driver: Driver, programs: Sequence[Program]) -> Iterator[Difference]:
    """Yield the programs that do something else, the first circumstance of each."""
    sides = [(program.before, program.after) for program in programs]
    jobs = [(_front_end(text), one) for pair in sides for one in CIRCUMSTANCES.values() for text in pair]
    logs = iter(driver.run(jobs))
    for program in programs:
        seen = {name: (next(logs), next(logs)) for name in CIRCUMSTANCES}
        usual = {name: before for name, (before, _) in seen.items()}
        for name, (before, after) in seen.items():
            pair = Pair(before, after, CIRCUMSTANCES[name], usual, program.after, program.notes)
            if _is_compared(program, CIRCUMSTANCES[name]) and allowance(pair) is None:
                yield Difference(program, name, before, after)
                break


def _is_compared(program: Program, circumstance: Circumstance) -> bool:
    """Leave out what a callback that runs earlier, as the report says, does when it throws."""
    return "now runs after" not in program.notes or circumstance.is_object


def _front_end(text: str) -> FrontEnd:
    return FrontEnd({_ENTRY: text}, _ENTRY)


def main() -> int:
    """Run programs in batches; return 1 where one does something else."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    programs, found = drawn(given.seed, given.count), 0
    with driving(EVENTS) as driver:
        for start in range(0, len(programs), _BATCH):
            for one in differences(driver, programs[start : start + _BATCH]):
                found += 1
                sys.stdout.write(f"{one}\n")
    sys.stdout.write(f"{given.count} drawn, {len(programs)} rewritten, {found} do something else\n")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
