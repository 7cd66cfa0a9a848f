"""What of a method was kept as it is and its author may want to change: advice, not a reason to leave it."""

from __future__ import annotations

from collections.abc import Iterator

from codemods.python.server.planning import Plan
from codemods.python.source import Source
from codemods.results import Advice


def advice_on(plan: Plan, source: Source, requests: frozenset[str]) -> Iterator[Advice]:
    """Yield what is worth saying of a method."""
    yield from ()
