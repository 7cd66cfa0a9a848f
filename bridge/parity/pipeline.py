"""Gathers steps into parts, has the sides play them, and hands what came of each step to whoever judges it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from bridge.parity.parts import Observed, Part, Played
from bridge.parity.sides import Sides
from bridge.parity.steps import Step

_FIRST, _MOST = 8, 32
"""Steps that are played in one go: the more, the less processes take turns; the fewer, the sooner all is judged."""
_SECONDS = 0.5
"""How long sides that are slow may play in one go: a run ends when its time is up."""

Judge = Callable[[Part, int, Observed], bool]
"""Told which step of a part was observed; returns whether what was observed after it counts."""


class Pipeline:
    """What was gathered, and what the sides play now."""

    def __init__(self, sides: Sides, judge: Judge, clock: Callable[[], float] = time.monotonic) -> None:
        self._sides = sides
        self._judge = judge
        self._clock = clock
        self._at_once = _FIRST
        self._gathered: list[Part] = []
        self._recalled: list[Part] = []
        self._must_start = True
        self._goes_on = False

    def single(self, step: Step) -> None:
        """Add a step that stands for itself."""
        if self._gathered and self._gathered[-1].rests:
            last = self._gathered.pop()
            self._add(replace(last, steps=(*last.steps, step)))
        else:
            self._add(Part((step,), starts=not self._goes_on, rests=True))

    def sequence(self, steps: Sequence[Step]) -> None:
        """Add a sequence, which starts from the beginning of all."""
        if steps:
            self._add(Part(tuple(steps)))

    def _add(self, part: Part) -> None:
        self._gathered.append(part)
        self._goes_on = part.rests
        if self._sides.is_careful or _count(self._gathered) >= self._at_once:
            self._feed()

    def _feed(self) -> None:
        parts, self._gathered = self._gathered, []
        if self._must_start:
            parts[0], self._must_start = parts[0].afresh(), False
        began = self._clock()
        played = self._sides.feed(parts)
        seconds = max(self._clock() - began, 1e-6)
        if played:
            fitting = _SECONDS * _count([one.part for one in played]) / seconds
            self._at_once = max(1, min(_MOST, int(fitting)))
        self._take(played)

    def finish(self) -> None:
        """Have all played and judged that was added."""
        if self._gathered:
            self._feed()
        while played := self._sides.finish():
            self._take(played)

    def interrupt(self) -> None:
        """Stop the sides, for a judge that has a use for them; afterwards all goes on."""
        self._recalled += self._sides.recall()
        self._must_start = True

    def _take(self, played: Sequence[Played]) -> None:
        """Have parts judged; what is left of them, because sides went apart or ended, is played again from a start.

        What goes on from where sides went apart is left, too, in the parts after it and in what is played ahead.
        """
        left: list[Part] = []
        is_cut = went_apart = False
        for one in played:
            if is_cut or (went_apart and not one.part.starts):
                left.append(one.part)
                continue
            done, agree = self._judged(one)
            is_cut = len(one.observed) < len(one.part.steps)
            went_apart |= is_cut or (one.part.rests and not agree)
            if one.part.rests and done < len(one.part.steps):
                left.append(one.part.afresh(done))
        if went_apart:
            self.interrupt()
        again, self._recalled = [*left, *self._recalled], []
        if again:
            self._must_start = False
            self._sides.feed([again[0].afresh(), *again[1:]])

    def _judged(self, played: Played) -> tuple[int, bool]:
        """Return how many steps of a part are done with, and whether sides agree; one at which a side ended is done."""
        for number, observed in enumerate(played.observed):
            if not self._judge(played.part, number, observed):
                return number + 1, False
        return max(1, len(played.observed)), True


def _count(parts: Sequence[Part]) -> int:
    return sum(len(one.steps) for one in parts)
