"""Makes a failing sequence short: fewest steps first, then the simplest values; each try is a whole new run of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from bridge.parity.steps import Earlier, Step

Shows = Callable[[Sequence[Step]], bool]
Simpler = Callable[[Step], Iterator[Step]]


def shorten(steps: Sequence[Step], shows: Shows, simpler: Simpler, seconds: float = 8.0) -> tuple[Step, ...]:
    """Return a shorter sequence that still ``shows`` what the last step shows; the same one where none does.

    Stops after ``seconds`` with the shortest that was found by then.
    """
    until = time.monotonic() + seconds
    found = list(steps)

    def holds(candidate: list[Step]) -> bool:
        return time.monotonic() < until and shows(candidate)

    found = _fewer(found, holds)
    for index in range(len(found) - 1, -1, -1):
        found = _simpler_at(found, index, holds, simpler)
    return tuple(found)


def _fewer(steps: list[Step], holds: Callable[[list[Step]], bool]) -> list[Step]:
    """Drop ever smaller runs of steps before the last one."""
    if len(steps) > 1 and holds(without(steps, 0, len(steps) - 1)):
        return without(steps, 0, len(steps) - 1)
    size = len(steps) // 2
    while size:
        end = len(steps) - 1
        while end > 0:
            start = max(0, end - size)
            shorter = without(steps, start, end)
            if holds(shorter):
                steps = shorter
            end = start
        size //= 2
    return steps


def _simpler_at(steps: list[Step], index: int, holds: Callable[[list[Step]], bool], simpler: Simpler) -> list[Step]:
    changed = True
    while changed:
        changed = False
        for step in simpler(steps[index]):
            candidate = [*steps[:index], step, *steps[index + 1 :]]
            if step != steps[index] and holds(candidate):
                steps, changed = candidate, True
                break
    return steps


def without(steps: Sequence[Step], start: int, end: int) -> list[Step]:
    """Return a sequence without some of its steps; values that came from those become what stands in for them."""

    def moved(earlier: Earlier) -> object:
        if start <= earlier.step < end:
            return earlier.instead
        return earlier if earlier.step < start else Earlier(earlier.step - (end - start), earlier.path, earlier.instead)

    return [step.mapped(moved) for number, step in enumerate(steps) if not start <= number < end]
