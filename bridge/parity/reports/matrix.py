"""The route matrix: what became of each route, surface and class of status. Text and picture show the same one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from bridge.parity.reports.describing import counted
from bridge.parity.result import SURFACES, Result, Route

CLASSES = ("2xx", "3xx", "4xx", "5xx")
NO_ANSWER = "none"


class State(StrEnum):
    """What is known of a cell."""

    EQUAL = "equal"
    MISMATCHED = "mismatched"
    UNTESTED = "untested"
    NOT_EXPECTED = "not expected"


@dataclass(frozen=True, slots=True)
class Square:
    """A cell, also one that nobody asked for."""

    state: State
    asked: int = 0
    mismatched: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A route with its cells, by (surface, class)."""

    route: Route
    squares: dict[tuple[str, str], Square]
    mismatches: int

    @property
    def asked(self) -> int:
        """How many answers were compared."""
        return sum(square.asked for square in self.squares.values())

    @property
    def untested(self) -> list[tuple[str, str]]:
        """The cells that ought to be reached and were not."""
        return [place for place, square in self.squares.items() if square.state is State.UNTESTED]

    @property
    def is_equal(self) -> bool:
        """True where nothing differs."""
        return all(square.state is not State.MISMATCHED for square in self.squares.values()) and not self.mismatches

    def of_class(self, name: str) -> Square:
        """Return the cells of one class on all surfaces, as one: the worst of their states, and their sums."""
        found = [square for (_, one), square in self.squares.items() if one == name]
        worst = min((square.state for square in found), key=_WORST.index)
        return Square(worst, sum(one.asked for one in found), sum(one.mismatched for one in found))

    @property
    def verdict(self) -> str:
        """``equal``, ``equal, 2 cells untested``, ``not tested``, ``3 mismatches``."""
        if not self.is_equal:
            return counted(self.mismatches or 1, "mismatch")
        if not self.asked:
            return "not tested"
        return f"equal, {len(self.untested)} untested" if self.untested else "equal"


_WORST = [State.MISMATCHED, State.EQUAL, State.UNTESTED, State.NOT_EXPECTED]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows by route, in the order of the run; columns by surface and class, as many as the run has."""

    surfaces: tuple[str, ...]
    classes: tuple[str, ...]
    rows: tuple[Row, ...]

    def count(self, state: State) -> int:
        """Return how many cells are in a state."""
        return sum(square.state is state for row in self.rows for square in row.squares.values())


def matrix_of(result: Result) -> Matrix:
    """Return the matrix of a run. A route is equal, or not, by its cells and its mismatches both."""
    seen = {cell.surface for cell in result.cells} | {one[1] for one in result.untested}
    seen |= {surface for route in result.routes for surface in route.surfaces}
    surfaces = (*(one for one in SURFACES if one in seen), *sorted(seen - {*SURFACES}))
    found = {cell.status_class for cell in result.cells if cell.asked} | {one[2] for one in result.untested}
    classes = (*CLASSES, *([NO_ANSWER] if NO_ANSWER in found else []))
    squares = _squares(result)
    mismatches = Counter(one.route.event for one in result.mismatches)
    rows = (
        Row(
            route,
            {
                (surface, name): squares.get((route.event, surface, name), Square(State.NOT_EXPECTED))
                for surface in surfaces
                for name in classes
            },
            mismatches[route.event],
        )
        for route in result.routes
    )
    return Matrix(surfaces, classes, tuple(rows))


def _squares(result: Result) -> dict[tuple[str, str, str], Square]:
    found = {place: Square(State.UNTESTED) for place in result.untested}
    for cell in result.cells:
        if cell.asked:
            state = State.MISMATCHED if cell.mismatched else State.EQUAL
            found[(cell.event, cell.surface, cell.status_class)] = Square(state, cell.asked, cell.mismatched)
    return found


def verdict(result: Result) -> str:
    """Return the run in one sentence."""
    ended = "" if result.finished else " The run was stopped before its end."
    asked = f"{counted(result.comparisons, 'comparison')} of {counted(len(result.routes), 'route')}"
    if not result.comparisons:
        return f"Nothing was compared.{ended}"
    if result.ok:
        return f"No mismatch in {asked}.{ended}"
    routes = len({one.route.event for one in result.mismatches})
    return (
        f"{counted(len(result.mismatches), 'mismatch').capitalize()} on {counted(routes, 'route')}, in {asked}.{ended}"
    )


def totals(result: Result) -> str:
    """Return ``1,200 comparisons in 8.0 s (150 a second), 640 steps``."""
    rate = f" ({result.comparisons / result.seconds:,.0f} a second)" if result.seconds > 0 else ""
    compared = f"{counted(result.comparisons, 'comparison')} in {result.seconds:.1f} s{rate}"
    return f"{compared}, {counted(result.steps, 'step')}"


def percent(result: Result) -> int:
    """Return the coverage, rounded down so that 100 means all."""
    return int(100 * result.coverage + 1e-9)
