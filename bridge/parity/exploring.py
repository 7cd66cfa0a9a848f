"""Random sequences from Hypothesis, one after another for as long as there is time.

Hypothesis makes them only: what they show is shortened by ``shorten``, as the findings of all other phases are, and
the run goes on, where Hypothesis would end with the first failure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from bridge.parity.steps import Step

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_ROUND = 500


def explore(strategy: SearchStrategy[list[Step]], seed: int, ask: Callable[[Sequence[Step]], Any]) -> None:
    """Hand sequences to ``ask`` until it raises; the same ones in the same order for the same seed."""
    import hypothesis
    from hypothesis import HealthCheck, Phase

    calm = hypothesis.settings(
        max_examples=_ROUND,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    for number in count():

        @calm
        @hypothesis.seed(seed * 1_000_003 + number)
        @hypothesis.given(strategy)
        def round_of(steps: list[Step]) -> None:
            ask(steps)

        round_of()
