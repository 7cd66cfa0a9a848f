"""Parts: steps that are played in one go, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bridge.parity.observation import Observation
from bridge.parity.steps import Step

Observed = dict[str, Observation]
"""What each side observed of one step, by its name."""


@dataclass(frozen=True, slots=True)
class Part:
    """Steps that belong together.

    ``starts``: before the first one rows are put back, and browsers are new; else all goes on from the last part.
    ``rests``: each stands for itself: what it changed is put back before the next.
    """

    steps: tuple[Step, ...]
    starts: bool = True
    rests: bool = False

    def afresh(self, after: int = 0) -> Part:
        """Return the steps after the first ``after``, to be played from the beginning of all."""
        return replace(self, steps=self.steps[after:], starts=True)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {"steps": [step.to_dict() for step in self.steps], "starts": self.starts, "rests": self.rests}


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a part; fewer than its steps where a side ended, or fell silent, at the last of them."""

    part: Part
    observed: tuple[Observed, ...]
