"""Has steps asked, compares what came of them, makes sure of each difference and shortens what led to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bridge.parity.comparing import compare, differing, is_noise
from bridge.parity.laboratory import TWIN, Laboratory
from bridge.parity.observation import Observation
from bridge.parity.parts import Observed, Part
from bridge.parity.pipeline import Pipeline
from bridge.parity.result import BRIDGED, CONTROL, Difference, Mismatch, general
from bridge.parity.shorten import Simpler, shorten
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
        self._pipeline = Pipeline(self._sides, self._judged)

    def learn_noise(self, steps: Iterable[Step]) -> Answers:
        """Ask the control twice; what differs is noise from then on, and told as such."""
        answers = Answers()
        self._sides.choose(TWIN)

        def noted(part: Part, number: int, observed: Observed) -> bool:
            self._check()
            step = part.steps[number]
            answers.add(step, observed[CONTROL])
            for one in differing(observed[CONTROL], observed[TWIN]):
                self._noise.setdefault(step.event, set()).add(general(one.path))
            return True

        learning = Pipeline(self._sides, noted)
        for step in steps:
            learning.single(step)
        learning.finish()
        for event, paths in self._noise.items():
            for path in sorted(paths):
                self._tally.note("noise", event, CONTROL, path, "differs from one run over HTTP to the next")
        self._sides.choose(*self._candidates)
        return answers

    def single(self, step: Step) -> None:
        """Have a step asked that stands for itself; it is judged soon."""
        self._pipeline.single(step)

    def sequence(self, steps: Sequence[Step]) -> None:
        """Have a sequence asked from its beginning, and judged until a step shows a difference."""
        self._pipeline.sequence(steps)

    def _judged(self, part: Part, number: int, observed: Observed) -> bool:
        """Judge one step of a part; return False where sides differ: what they did after it says nothing."""
        self._check()
        step = part.steps[number]
        if part.rests:
            self._history = [*self._history[-_HISTORY:], step]
            agree = self._judge([step], observed, before=self._history[:-1])
        else:
            agree = self._judge(part.steps[: number + 1], observed, before=())
        return agree and not any(_leaves_more(observed[CONTROL], one) for one in observed.values())

    def _judge(self, steps: Sequence[Step], observed: Observed, before: Sequence[Step]) -> bool:
        """Compare one step's observations; ``before`` is what else was asked since all began."""
        self._tally.steps += 1
        new: list[tuple[str, Difference]] = []
        told: Difference | None = None
        agree = True
        for surface in self._candidates:
            difference = self._compared(steps[-1].event, surface, observed)
            agree &= difference is None
            is_same = told is not None and difference is not None and told.path == difference.path
            told = difference if surface == BRIDGED else told
            if difference is not None and not is_same:
                key = key_of(self._tally.routes[steps[-1].event], surface, difference)
                if not self._tally.again(key) and key not in self._tally.unsteady:
                    new.append((surface, difference))
        if new:
            self._pipeline.interrupt()
        for surface, difference in new:
            self._make_sure(steps, surface, difference, before)
        if not agree:
            self._history = []
        return agree

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

    def _make_sure(self, steps: Sequence[Step], surface: str, difference: Difference, before: Sequence[Step]) -> None:
        """Note the mismatch with the shortest sequence that shows it; or that it does not show again."""
        route = self._tally.routes[steps[-1].event]
        key = key_of(route, surface, difference)
        self._sides.choose(surface, TWIN)
        try:
            tried = next((one for one in (steps, [*before, *steps]) if self._shows(one, key)), None)
            if tried is None:
                self._tally.unsteady.add(key)
                self._tally.note("warning", route.event, surface, difference.path, "differed once, and not again")
                return
            self._note_mismatch(shorten(tried, lambda some: self._shows(some, key), self._simpler), surface, key)
        finally:
            self._sides.choose(*self._candidates)

    def _shows(self, steps: Sequence[Step], key: Key) -> bool:
        """Tell whether the last step of a sequence shows the same difference, and the control agrees with itself."""
        return self._last(steps, key) is not None

    def _last(self, steps: Sequence[Step], key: Key) -> tuple[list[Step], Observed, Difference] | None:
        played = self._sides.play(steps)
        if len(played) < len(steps):  # a side ended on the way
            return None
        asked, observed = [step for step, _ in played], played[-1][1]
        event, surface, path = key
        noise = self._noise.get(event, set())
        for one in differing(observed[CONTROL], observed[surface]):
            if general(one.path) == path and not is_noise(one.path, noise):
                twice = [general(noisy.path) for noisy in differing(observed[CONTROL], observed[TWIN])]
                return None if path in twice else (asked, observed, one)
        return None

    def _note_mismatch(self, steps: Sequence[Step], surface: str, key: Key) -> None:
        found = self._last(steps, key)
        if found is None:
            return
        asked, observed, difference = found
        route = self._tally.routes[key[0]]
        command = self._options.command(route.event)
        self._tally.mismatches[key] = Mismatch(
            route, surface, difference, tuple(asked), observed[CONTROL], observed[surface], self._options.seed, command
        )


def _leaves_more(control: Observation, candidate: Observation) -> bool:
    """Tell whether a candidate changed what the control did not, as may be accepted: what follows is not told."""
    return bool(candidate.rows) > bool(control.rows) or bool(candidate.cookies) > bool(control.cookies)
