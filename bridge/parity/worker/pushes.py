"""Looks at what live collections push: nothing before a commit, nothing after a rollback, and what a fresh GET gives.

Clients subscribe in this process. Looks are run here, after the answer, and not in the background: a step is then
over when its pushes are.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bridge.live.packets import LOST
from bridge.parity.steps import Step
from bridge.parity.worker.surfaces import WATCHER, SocketSurface
from bridge.parity.worker.watching import Watching

if TYPE_CHECKING:
    from bridge.events import EventMap
    from bridge.live.hub import Hub

_MOST_ROUNDS = 50
_EARLY = "a push was prepared before the commit"
_BACK = "a push was prepared for rows that were rolled back"


class Pushes:
    """The live collections of the app in this process."""

    def __init__(self, hub: Hub, event_map: EventMap, surface: SocketSurface, watching: Watching) -> None:
        self._hub = hub
        self._surface = surface
        surface.keeps_frames = True
        self._watching = watching
        self._gets = {event.live: event.event for event in event_map if event.live and not event.params}
        self._jobs: list[Callable[[], None]] = []
        self._lists: dict[tuple[str, str], Any] = {}
        self._faults: list[str] = []
        self._pushed: set[str] = set()
        self._alike: set[tuple[str, str]] = set()
        self._is_asking = False
        hub.driven_by(self._schedule)

    def _schedule(self, job: Callable[[], None]) -> None:
        if not self._is_asking:
            if self._watching.is_uncommitted:
                self._faults.append(_EARLY)
            elif self._watching.wrote and not self._watching.writes_committed:
                self._faults.append(_BACK)
        self._jobs.append(job)

    def open(self) -> None:
        """Forget the subscriptions of a sequence: their connections are gone. The watcher stays."""
        self._lists = {key: rows for key, rows in self._lists.items() if key[0] == WATCHER}

    def join(self, who: str) -> None:
        """Subscribe as somebody, before the first step as whom; who may not see a list, has none.

        Lists that everybody sees alike are the watcher's business, which need not subscribe for each sequence.
        """
        for name in self._gets:
            self._subscribe(WATCHER, name)
            if who and (who, name) not in self._alike:
                self._subscribe(who, name)
                if self._lists[who, name] == self._lists[WATCHER, name]:
                    self._alike.add((who, name))

    def _subscribe(self, who: str, name: str) -> None:
        if (who, name) not in self._lists:
            self._is_asking = True
            ack = self._surface.emit(who, "subscribe", name)
            self._lists[who, name] = ack["data"] if ack.get("ok") else None
            self._run()

    def faults(self, who: str, *, wrote: bool) -> list[str]:
        """Return what is wrong with the pushes of a step that somebody asked, and that ``wrote`` rows or did not."""
        before, self._pushed = self._pushed, set()
        self._run()
        suspects = self._pushed or (self._gets if wrote else ())
        self._pushed |= before
        found, self._faults = list(dict.fromkeys(self._faults)), []
        shown = [(one, name) for one in dict.fromkeys([WATCHER, who]) for name in sorted(suspects)]
        return found + [fault for key in shown if (fault := self._differs(*key))]

    def rewound(self) -> None:
        """Have what was pushed looked at again: rows were put back by nobody's statement."""
        for name in sorted(self._pushed):
            self._hub.touch(name)
        self._run()
        self._faults, self._pushed = [], set()

    def _run(self) -> None:
        """Run what is to be done, and what that leads to; then read what was sent."""
        self._is_asking = True
        for _ in range(_MOST_ROUNDS):
            jobs, self._jobs = self._jobs, []
            for job in jobs:
                job()
            if not self._jobs:
                break
        self._is_asking = False
        self._read()

    def _read(self) -> None:
        frames, self._surface.frames = self._surface.frames, []
        for who, text in frames:
            name, *values = json.loads(text[1:]) if text.startswith("2[") else [""]
            if name == LOST:
                self._lists[who, values[0]] = None
            elif (who, name) in self._lists:
                self._lists[who, name] = values[0]
                self._pushed.add(name)

    def _differs(self, who: str, name: str) -> str:
        """Say how a client's list differs from a fresh GET as the same person; "" where it does not."""
        shown = self._lists.get((who, name))
        if shown is None:
            return ""
        fresh = self._surface.ask(Step(self._gets[name], who=who))
        if not fresh.get("ok") or shown == fresh["data"]:
            return ""
        return f"the list {name!r} that a client sees is not what a fresh GET gives"
