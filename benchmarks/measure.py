"""The order of things: contenders take turns within each round, so that a noisy minute hits all of them.

A ratio is formed within a round, of turns that are seconds apart, and the median of these is reported.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.contenders import IN_FLIGHT, PAYLOADS, Contender, Running, Turn, started

Case = tuple[str, int]
CASES: tuple[Case, ...] = tuple((payload, count) for payload in PAYLOADS for count in IN_FLIGHT)

#: A long list takes tens of milliseconds: its turns last longer, or twenty in flight would be all tail.
_LONGER = {"rows_1000": 2.0}


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to measure; ``seconds`` is the length of one turn."""

    rounds: int
    seconds: float
    seed: int


@dataclass
class Results:
    """All turns of one mode, by case and contender, in the order of the rounds."""

    mode: str
    names: tuple[str, ...]
    turns: dict[Case, dict[str, list[Turn]]] = field(default_factory=dict)
    deflated: dict[str, bool] = field(default_factory=dict)

    def add(self, case: Case, name: str, turn: Turn) -> None:
        """Append the turn of the current round."""
        self.turns.setdefault(case, {}).setdefault(name, []).append(turn)


def measure(mode: str, contenders: Sequence[Contender], plan: Plan, advance: Callable[[str], None]) -> Results:
    """Start all contenders, verify their answers, run all rounds; ``advance`` is called before each turn."""
    results = Results(mode, tuple(contender.name for contender in contenders))
    order = random.Random(plan.seed)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        running = [stack.enter_context(started(contender, mode, Path(folder))) for contender in contenders]
        _verify(running, results)
        _warm_up(running, plan.seconds / 2)
        for number in range(1, plan.rounds + 1):
            for case in order.sample(CASES, len(CASES)):
                for one in order.sample(running, len(running)):
                    advance(f"{mode}, round {number} of {plan.rounds}")
                    results.add(case, one.contender.name, _turn(one, case, plan.seconds))
    return results


def turns_in(contenders: Sequence[Contender], plan: Plan) -> int:
    """Return how often ``measure`` calls ``advance``."""
    return plan.rounds * len(CASES) * len(contenders)


def _verify(running: Sequence[Running], results: Results) -> None:
    for one in running:
        for payload in PAYLOADS:
            answer = one.verify(payload)
            results.deflated[one.contender.name] = answer.get("deflate", False)


def _warm_up(running: Sequence[Running], seconds: float) -> None:
    """Give V8 and Python's adaptive interpreter the time to settle, in every case."""
    for one in running:
        for payload, in_flight in CASES:
            one.turn(payload, in_flight, seconds)


def _turn(one: Running, case: Case, seconds: float) -> Turn:
    payload, in_flight = case
    one.turn(payload, in_flight, seconds / 5)
    return one.turn(payload, in_flight, seconds * _LONGER.get(payload, 1.0))
