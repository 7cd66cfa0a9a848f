"""Has steps asked, compares what came of them, makes sure of each difference and shortens what led to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bridge.parity.comparing import compare, differing, is_noise
from bridge.parity.laboratory import TWIN, Laboratory
from bridge.parity.observation import Observation
from bridge.parity.result import BRIDGED, CONTROL, Difference, Mismatch, general
from bridge.parity.shorten import Simpler, shorten
from bridge.parity.sides import Observed
from bridge.parity.steps import Step
from bridge.parity.tally import Key, Tally, key_of

_HISTORY = 40


@dataclass
class Answers:
    """What the control answered first: bodies by event, and who was let in."""

    bodies: dict[str, Any] = field(default_factory=dict)
    let_in: dict[str, str] = field(default_factory=dict)
    changers: dict[str, str] = field(default_factory=dict)
    """Routes that logged somebody in or out, and whom."""
    statuses: dict[str, set[int]] = field(default_factory=dict)
    _best: dict[str, int] = field(default_factory=dict)

    def add(self, step: Step, answer: Observation) -> None:
        """Take notice of one; the better a status, the more it tells who may ask a route."""
        rank = {2: 0, 3: 1}.get(answer.status // 100, 4 if answer.status in (401, 403) else 2)
        if rank < self._best.get(step.event, 9):
            self._best[step.event] = rank
            self.let_in[step.event] = step.who
        self.statuses.setdefault(step.event, set()).add(answer.status)
        if answer.cookies and rank == 0:
            self.changers[step.event] = step.who
        if rank == 0 and answer.data is not None and step.event not in self.bodies:
            self.bodies[step.event] = answer.data

    @property
    def depending(self) -> list[str]:
        """Routes that answer one otherwise than another."""
        return [event for event, seen in self.statuses.items() if len(seen) > 1]


class Referee:
    """What judges the steps of one run; ``check`` raises when the budget is used up."""

    def __init__(
        self, laboratory: Laboratory, tally: Tally, simpler: Simpler, check: Callable[[], None] = lambda: None
    ) -> None:
        self._sides = laboratory.sides
        self._options = laboratory.options
        self._candidates = laboratory.candidates
        self._tally = tally
        self._simpler = simpler
        self._check = check
        self._noise: dict[str, set[str]] = {}
        self._history: list[Step] = []
        self._differs = False

    def learn_noise(self, steps: Iterable[Step]) -> Answers:
        """Ask the control twice; what differs is noise from then on, and told as such."""
        answers = Answers()
        self._sides.choose(TWIN)
        for step in steps:
            self._check()
            self._rest()
            asked, observed = self._sides.ask(step)
            answers.add(asked, observed[CONTROL])
            for one in differing(observed[CONTROL], observed[TWIN]):
                self._noise.setdefault(step.event, set()).add(general(one.path))
        for event, paths in self._noise.items():
            for path in sorted(paths):
                self._tally.note("noise", event, CONTROL, path, "differs from one run over HTTP to the next")
        self._sides.choose(*self._candidates)
        return answers

    def _rest(self) -> None:
        """Put back what the last step has changed: rows, and who is logged in."""
        if self._sides.has_changed_sessions:
            self._sides.start()
            self._history = []
        elif self._sides.has_written:
            self._sides.rewind()

    def single(self, step: Step) -> list[Mismatch]:
        """Ask a step that stands for itself, and return the mismatches that it showed first."""
        self._rest()
        self._history = [*self._history[-_HISTORY:], step]
        asked, observed = self._sides.ask(step)
        return self._judge([asked], observed, before=self._history[:-1])

    def sequence(self, steps: Sequence[Step]) -> list[Mismatch]:
        """Ask a sequence from its beginning, until a step shows a difference; return the new mismatches."""
        self._history = []
        for number, (_asked, observed) in enumerate(self._sides.play(steps)):
            self._check()
            found = self._judge(steps[: number + 1], observed, before=())
            if found or self._differs:
                self._sides.has_changed_sessions = True
                return found
        return []

    def _judge(self, steps: Sequence[Step], observed: Observed, before: Sequence[Step]) -> list[Mismatch]:
        """Compare one step's observations; ``before`` is what else was asked since all began."""
        self._tally.steps += 1
        self._differs = False
        new: list[tuple[str, Difference]] = []
        told: Difference | None = None
        for surface in self._candidates:
            difference = self._compared(steps[-1].event, surface, observed)
            self._differs |= difference is not None
            is_same = told is not None and difference is not None and told.path == difference.path
            told = difference if surface == BRIDGED else told
            if difference is not None and not is_same:
                key = key_of(self._tally.routes[steps[-1].event], surface, difference)
                if not self._tally.again(key) and key not in self._tally.unsteady:
                    new.append((surface, difference))
        return [made for surface, one in new if (made := self._made_sure(steps, surface, one, before)) is not None]

    def _compared(self, event: str, surface: str, observed: Observed) -> Difference | None:
        """Return the difference of one candidate that nobody has accepted, and count it."""
        route = self._tally.routes[event]
        noise = self._noise.get(event, set())
        control, candidate = observed[CONTROL], observed[surface]
        difference, warnings = compare(control, candidate, noise)
        for warning in warnings:
            self._tally.note("warning", event, surface, "$.data", warning)
        ignore = next((one for one in self._options.ignores if difference and one.covers(route, difference.path)), None)
        if ignore is not None and difference is not None:
            self._tally.note("ignored", event, surface, difference.path, ignore.reason)
            difference = None
        self._tally.saw(event, surface, control, differs=difference is not None)
        return difference

    # -- making sure ------------------------------------------------------------------------------

    def _made_sure(
        self, steps: Sequence[Step], surface: str, difference: Difference, before: Sequence[Step]
    ) -> Mismatch | None:
        """Return the mismatch with the shortest sequence that shows it; None where it does not show again."""
        route = self._tally.routes[steps[-1].event]
        key = key_of(route, surface, difference)
        self._sides.choose(surface, TWIN)
        try:
            tried = next((one for one in (steps, [*before, *steps]) if self._shows(one, key)), None)
            if tried is None:
                self._tally.unsteady.add(key)
                self._tally.note("warning", route.event, surface, difference.path, "differed once, and not again")
                return None
            shortest = shorten(tried, lambda some: self._shows(some, key), self._simpler)
            return self._mismatch(shortest, surface, key)
        finally:
            self._sides.choose(*self._candidates)
            self._history = []

    def _shows(self, steps: Sequence[Step], key: Key) -> bool:
        """Tell whether the last step of a sequence shows the same difference, and the control agrees with itself."""
        return self._last(steps, key) is not None

    def _last(self, steps: Sequence[Step], key: Key) -> tuple[list[Step], Observed, Difference] | None:
        played = list(self._sides.play(steps))
        asked, observed = [step for step, _ in played], played[-1][1]
        event, surface, path = key
        noise = self._noise.get(event, set())
        for one in differing(observed[CONTROL], observed[surface]):
            if general(one.path) == path and not is_noise(one.path, noise):
                twice = [general(noisy.path) for noisy in differing(observed[CONTROL], observed[TWIN])]
                return None if path in twice else (asked, observed, one)
        return None

    def _mismatch(self, steps: Sequence[Step], surface: str, key: Key) -> Mismatch | None:
        found = self._last(steps, key)
        if found is None:
            return None
        asked, observed, difference = found
        route = self._tally.routes[key[0]]
        command = self._options.command(route.event)
        made = Mismatch(
            route, surface, difference, tuple(asked), observed[CONTROL], observed[surface], self._options.seed, command
        )
        self._tally.mismatches[key] = made
        return made
