"""What was compared of an app and how it came out, method by method; the table and the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.native_handlers.subjects import Migrated
    from benchmarks.real_apps.compare import Difference

HEADINGS = ("app", "methods", "converted", "left", "proven", "lines", "calls", "statuses", "differences")
SHOWN = 4


@dataclass(frozen=True)
class MethodVerdict:
    """One converted method. ``missing`` are the lines of its handler that no input reached."""

    event: str
    subject: str
    statuses: Counter[int]
    reached: int
    lines: int
    missing: list[int]
    differences: int
    is_masked: bool
    over_socket: bool
    broken: str = ""

    @property
    def thin(self) -> str:
        """Why it is not proven, whatever the comparison says; "" where it is."""
        classes = {status // 100 for status in self.statuses}
        if not self.reached:
            return "no input reached it"
        if not self.over_socket:
            return "never asked over a socket"
        if self.is_masked:
            return "its answer varies by itself"
        if not self.missing or self.broken:
            return ""
        if len(classes) < 2:
            return f"only {_named(self.statuses)}, and {len(self.missing)} of {self.lines} statements never ran"
        return "" if classes & {2, 3} else f"it never succeeded: {_named(self.statuses)}"

    @property
    def is_proven(self) -> bool:
        """True where enough was asked and nothing differs."""
        return not self.thin and not self.differences


@dataclass
class Verdict:
    """One app."""

    app: str
    needs: float = 0.8
    resource_methods: int = 0
    converted: int = 0
    left: Counter[str] = field(default_factory=Counter)
    advice: Counter[str] = field(default_factory=Counter)
    methods: list[MethodVerdict] = field(default_factory=list)
    compared: int = 0
    differences: list[Difference] = field(default_factory=list)
    noise: frozenset[str] = frozenset()
    failure: str = ""

    def count(self, migrated: Migrated) -> None:
        """Take over what the codemod said it did."""
        self.resource_methods, self.converted = migrated.methods, migrated.converted
        self.left, self.advice = migrated.left, migrated.advice

    @property
    def statuses(self) -> Counter[int]:
        """How often each status was answered by a converted method."""
        return sum((one.statuses for one in self.methods), Counter[int]())

    @property
    def proven(self) -> int:
        """The number of methods that are proven."""
        return sum(one.is_proven for one in self.methods)

    def faults(self) -> Iterator[str]:
        """Yield what does not hold."""
        if self.failure:
            yield self.failure
            return
        reachable = self.resource_methods - self.left["without_route"]
        if self.converted < self.needs * reachable:
            yield f"{self.converted} of {reachable} methods that have a route converted"
        if len(self.methods) != self.converted:
            yield f"{self.converted} methods converted, {len(self.methods)} handlers registered"
        yield from (f"{one.subject}: not proven: {one.thin}" for one in self.methods if one.thin)
        yield from self._told()

    def _told(self) -> Iterator[str]:
        """Yield the first differences of each method."""
        told: Counter[str] = Counter()
        for one in self.differences:
            told[one.subject] += 1
            if told[one.subject] <= SHOWN:
                yield str(one)
        yield from (f"{key}: {count - SHOWN} more differences" for key, count in told.items() if count > SHOWN)

    def cells(self) -> list[str]:
        """Return the row of the table, by HEADINGS."""
        lines = sum(one.lines for one in self.methods)
        ran = lines - sum(len(one.missing) for one in self.methods)
        left = ", ".join(f"{count} {reason}" for reason, count in sorted(self.left.items())) or "-"
        converted = f"{self.converted} ({100 * self.converted // (self.resource_methods or 1)} %)"
        numbers = [f"{ran}/{lines}", str(self.compared), _named(self.statuses), str(len(self.differences))]
        return [self.app, str(self.resource_methods), converted, left, str(self.proven), *numbers]


def totals(verdicts: list[Verdict]) -> Verdict:
    """Return the last row."""
    total = Verdict("all")
    for one in verdicts:
        total.resource_methods += one.resource_methods
        total.converted += one.converted
        total.left += one.left
        total.methods += one.methods
        total.compared += one.compared
        total.differences += one.differences
    return total


def _named(statuses: Counter[int]) -> str:
    return ", ".join(f"{count}x{status}" for status, count in sorted(statuses.items())) or "-"
