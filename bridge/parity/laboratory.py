"""The processes of a run: the control twice, one that learns, and a candidate for each surface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bridge.errors import BridgeError
from bridge.events import Event, EventMap
from bridge.parity.options import Options, logins_of
from bridge.parity.result import BRIDGED, CONTROL, NATIVE, Route
from bridge.parity.side import Side, Silent
from bridge.parity.sides import Sides
from bridge.parity.takes import Field, Takes
from bridge.parity.worker.spec import Spec

TWIN, SCOUT = "http again", "scout"
"""A second control, by which it is seen what differs by itself; and one whose rows may be spoiled by learning."""


class Laboratory:
    """An app on equal copies of its database, asked over HTTP and by events; usable without a run, step by step.

    Raises BridgeError where the app cannot be hosted, and leaves no process behind.
    """

    def __init__(self, options: Options, folder: Path, passwords: Sequence[str] | None = None) -> None:
        """``folder`` is empty, and is where databases are copied to.

        ``passwords``: those that slow hashes are really checked with; all where None, as calls written by hand need.
        """
        self.options = options
        self._passwords = None if passwords is None else tuple(passwords)
        self._folder = folder
        self._started: dict[str, Side] = {}
        (folder / "originals").mkdir()
        try:
            self._open()
        except BaseException:
            self.stop()
            raise

    def _open(self) -> None:
        wanted = (BRIDGED, NATIVE) if self.options.surface == "all" else (self.options.surface,)
        for name in (CONTROL, TWIN, SCOUT, *wanted):
            self._start(name)
        hellos = {name: side.hello() for name, side in self._started.items()}
        self.event_map = EventMap.of(map(Event.from_dict, hellos[wanted[0]]["events"]))
        native = hellos[wanted[-1]]["native"] if NATIVE in wanted else []
        if self.options.surface == NATIVE and not native:
            msg = f"{self.options.source} has no native handlers: fetch2socket server makes them; or --surface bridge"
            raise BridgeError(msg)
        self.removed: tuple[str, ...] = tuple(hellos[wanted[0]]["removed"])
        self.routes = tuple(self._routes(wanted, native))
        if NATIVE in wanted and not native:
            self._started.pop(NATIVE).stop()
        asked = [side for name, side in self._started.items() if name != SCOUT]
        self.sides = Sides(asked, logins_of(self.options, self.event_map))
        self.sides.mark()
        self.sides.check_logins()

    def _start(self, name: str) -> None:
        told = self.options
        surface = name if name in (BRIDGED, NATIVE) else CONTROL
        own = self._folder / name.replace(" ", "-")
        originals = str(self._folder / "originals")
        spec = Spec(told.source, told.app_dir, surface, originals, str(own), told.seed, told.setup, self._passwords)
        self._started[name] = Side(name, spec, told.environ)

    def _routes(self, wanted: Sequence[str], native: Sequence[str]) -> Iterator[Route]:
        for event in self.event_map:
            surfaces = tuple(one for one in wanted if one == BRIDGED or event.event in native)
            if self.options.wants(event) and event.event not in self.removed and surfaces:
                yield Route(event.event, event.method, event.rule, surfaces)

    @property
    def candidates(self) -> tuple[str, ...]:
        """The surfaces that are compared with the control."""
        return tuple(name for name in self._started if name in (BRIDGED, NATIVE))

    def learn(self) -> tuple[list[Takes], Mapping[str, Any]]:
        """Return what the routes take, and all rows by table; can be asked once."""
        scout = self._started.pop(SCOUT)
        login = [replace(step, who=one.who).to_dict() for one in self.sides.logins[:1] for step in one.steps]
        try:
            scout.mark()
            scout.call("enter", login)
            takes = [self._learned(scout, event, login) for event in self.event_map if event.event not in self.removed]
            return takes, scout.call("known")
        finally:
            scout.stop()

    @staticmethod
    def _learned(scout: Side, event: Event, login: Sequence[Any]) -> Takes:
        """Return what one route takes; of one that ends the process, or never answers, no more than its path."""
        try:
            return Takes.from_dict(scout.call("learn", event.event))
        except Silent:
            scout.revive()
            scout.call("enter", login)
            params = tuple(Field(name, "string", required=True) for name in event.params)
            return Takes(event.event, event.method, event.rule, params)

    def stop(self) -> None:
        """End all processes."""
        for side in self._started.values():
            side.stop()
