"""Gathers steps into parts, has the sides play them, and hands what came of each step to whoever judges it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bridge.parity.parts import Observed, Part, Played
from bridge.parity.sides import Sides
from bridge.parity.steps import Step

_AT_ONCE = 32
"""Steps that are played in one go: the more, the less processes take turns; the fewer, the sooner all is judged."""

Judge = Callable[[Part, int, Observed], bool]
"""Told which step of a part was observed; returns whether what was observed after it counts."""


class Pipeline:
    """What was gathered, and what the sides play now."""

    def __init__(self, sides: Sides, judge: Judge) -> None:
        self._sides = sides
        self._judge = judge
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
        if self._sides.is_careful or sum(len(one.steps) for one in self._gathered) >= _AT_ONCE:
            self._feed()

    def _feed(self) -> None:
        parts, self._gathered = self._gathered, []
        if self._must_start:
            parts[0], self._must_start = parts[0].afresh(), False
        self._take(self._sides.feed(parts))

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
        """Have parts judged; what is left of them, because sides went apart or ended, is played again from a start."""
        left: list[Part] = []
        is_cut = False
        for one in played:
            left += [one.part] if is_cut else self._left(one)
            is_cut |= len(one.observed) < len(one.part.steps)
        if left:
            self.interrupt()
        again, self._recalled = [*left, *self._recalled], []
        if again:
            self._must_start = False
            self._sides.feed([again[0].afresh(), *again[1:]])

    def _left(self, played: Played) -> list[Part]:
        """Judge a part, and return those of its steps that are still to be played."""
        part = played.part
        done = max(1, len(played.observed))  # the step at which a side ended is done, too
        for number, observed in enumerate(played.observed):
            if not self._judge(part, number, observed):
                done = number + 1
                break
        return [part.afresh(done)] if part.rests and done < len(part.steps) else []
