"""Counts what a run has seen: cells, mismatches by what differs, notes; a ``Result`` is made of it at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bridge.parity.observation import Observation
from bridge.parity.result import Cell, Difference, Mismatch, Note, Route, general
from bridge.parity.takes import Takes

Key = tuple[str, str, str]
"""Event, surface, and the path with positions left out: what makes two differences the same one."""


class Tally:
    """What was seen by now."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self.routes = {route.event: route for route in routes}
        self.mismatches: dict[Key, Mismatch] = {}
        self.comparisons = 0
        self.steps = 0
        self.unsteady: set[Key] = set()
        """Differences that did not show a second time."""
        self._cells: Counter[tuple[str, str, str]] = Counter()
        self._mismatched: Counter[tuple[str, str, str]] = Counter()
        self._notes: dict[tuple[str, str, str, str, str], Note] = {}

    def saw(self, event: str, surface: str, control: Observation, *, differs: bool) -> None:
        """Count one comparison of a route that the surface answers."""
        self.comparisons += 1
        if surface not in self.routes[event].surfaces:
            return
        key = (event, surface, control.status_class)
        self._cells[key] += 1
        self._mismatched[key] += differs

    def note(self, kind: str, event: str, surface: str, path: str, sentence: str) -> None:
        """Note what is reported beside mismatches: ``noise``, ``warning`` or ``ignored``."""
        key = (kind, event, surface, general(path), general(sentence))
        known = self._notes.get(key)
        first = Note(self.routes[event], surface, general(path), sentence)
        self._notes[key] = replace(known, times=known.times + 1) if known else first

    def notes(self, kind: str) -> tuple[Note, ...]:
        """Return those of one kind, in the order in which they came."""
        return tuple(note for key, note in self._notes.items() if key[0] == kind)

    def again(self, key: Key) -> bool:
        """Count a difference that is known already; False where it is new."""
        known = self.mismatches.get(key)
        if known is None:
            return False
        self.mismatches[key] = replace(known, times=known.times + 1)
        return True

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Return what was reached, in the order of the routes."""
        order = {event: number for number, event in enumerate(self.routes)}
        keys = sorted(self._cells, key=lambda key: (order[key[0]], *key[1:]))
        return tuple(Cell(*key, self._cells[key], self._mismatched[key]) for key in keys)

    def untested(self, takes: Iterable[Takes]) -> tuple[tuple[str, str, str], ...]:
        """Return the cells that ought to be reached and were not."""
        refused = {event for (event, _, status) in self._cells if status == "4xx"}
        wanted = []
        for one in takes:
            route = self.routes.get(one.event)
            for surface in route.surfaces if route else ():
                wanted.append((one.event, surface, "2xx"))
                if one.params or one.body or one.query or one.event in refused:
                    wanted.append((one.event, surface, "4xx"))
        return tuple(key for key in wanted if not self._is_reached(key))

    def _is_reached(self, key: tuple[str, str, str]) -> bool:
        event, surface, status = key
        return bool(self._cells[key]) or (status == "2xx" and bool(self._cells[event, surface, "3xx"]))


def key_of(route: Route, surface: str, difference: Difference) -> Key:
    """Return what makes two differences the same."""
    return route.event, surface, general(difference.path)
