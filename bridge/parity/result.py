"""What a run of parity found: the value that all reports are made of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bridge.parity.observation import Observation
from bridge.parity.steps import Step

CONTROL, BRIDGED, NATIVE = "http", "bridge", "native"
SURFACES = (BRIDGED, NATIVE)
"""The candidates: the Resource answering an event, and the native handler in its place."""


@dataclass(frozen=True, slots=True)
class Route:
    """A route that was asked, and the candidates that have it."""

    event: str
    method: str
    rule: str
    surfaces: tuple[str, ...]

    @property
    def title(self) -> str:
        """``POST /coaches``."""
        return f"{self.method} {self.rule}"


@dataclass(frozen=True, slots=True)
class Difference:
    """The first path at which two observations differ."""

    path: str
    control: Any
    candidate: Any

    @property
    def part(self) -> str:
        """The part of an observation that it lies in: ``data``, ``rows``, ..."""
        return self.path.removeprefix("$.").replace("[", ".").split(".", 1)[0]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A difference with the shortest sequence that shows it; it shows in the last step."""

    route: Route
    surface: str
    difference: Difference
    steps: tuple[Step, ...]
    control: Observation
    candidate: Observation
    seed: int
    command: str
    times: int = 1

    @property
    def id(self) -> str:
        """Eight digits that stay the same from run to run."""
        known = "|".join([self.route.event, self.surface, general(self.difference.path)])
        return hashlib.sha256(known.encode("utf-8", "surrogatepass")).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Note:
    """Something that is reported and is no mismatch; ``path`` "" where it is about the whole route."""

    route: Route
    surface: str
    path: str
    sentence: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """How often a route was answered with a class of status on a surface, the same as over HTTP or not."""

    event: str
    surface: str
    status_class: str
    asked: int
    mismatched: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """A whole run. ``untested``: cells that ought to be reached and were not, as (event, surface, status class)."""

    source: str
    seed: int
    routes: tuple[Route, ...]
    cells: tuple[Cell, ...]
    untested: tuple[tuple[str, str, str], ...]
    mismatches: tuple[Mismatch, ...] = ()
    noise: tuple[Note, ...] = ()
    warnings: tuple[Note, ...] = ()
    ignored: tuple[Note, ...] = ()
    steps: int = 0
    comparisons: int = 0
    seconds: float = 0.0
    finished: bool = True
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def coverage(self) -> float:
        """The share of cells that were reached, 0 to 1."""
        reached = len({(cell.event, cell.surface, cell.status_class) for cell in self.cells if cell.asked})
        return reached / (reached + len(self.untested)) if reached or self.untested else 1.0

    @property
    def ok(self) -> bool:
        """True where nothing differs."""
        return not self.mismatches


def general(path: str) -> str:
    """Return a path with the positions in lists left out, so that it stands for all items alike."""
    parts = path.split("[")
    return parts[0] + "".join("[*]" + part.split("]", 1)[1] if part[0].isdigit() else "[" + part for part in parts[1:])
