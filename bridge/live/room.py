"""A room: those who share one state of a live collection, that state, and its latest changes.

All that happens to a room happens under its lock, sending included (a packet is queued, never waited for): so a
subscription's snapshot and the changes after it leave in order, with none between them.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bridge.live import packets
from bridge.live.member import Member
from bridge.live.rows import Rows, delta
from bridge.live.writes import Writes

_MOST_CHANGES = 200
_MOST_KEPT = 1024 * 1024
"""Changes, and characters of changes, that are kept for clients that reconnect."""


@dataclass(frozen=True, slots=True)
class _Change:
    prev: int
    v: int
    packet: str


class Room:
    """``v`` is the version of the state that was sent last, ``target`` that of the last write that may change it."""

    def __init__(self, name: str, key: str) -> None:
        self.name = name
        self.key = key
        self.epoch = secrets.token_hex(8)
        self.lock = threading.RLock()
        self.members: set[Member] = set()
        self.tables: frozenset[str] = frozenset()
        self.rows: Rows | None = None
        self.v = 0
        self.target = 0
        self.dirty = Writes()
        self.is_scheduled = False
        self.uses_rows = False
        self.empty_since = time.monotonic()
        self._changes: deque[_Change] = deque()
        self._kept = 0

    # -- writes -------------------------------------------------------------------------------

    def note(self, writes: Writes) -> tuple[int, bool]:
        """Take notice of a committed write; return the version that it leads to, and whether to look at the rows."""
        with self.lock:
            self.target += 1
            self.dirty.merge(writes)
            start = bool(self.members) and not self.is_scheduled
            self.is_scheduled = self.is_scheduled or start
            return self.target, start

    def take_dirty(self) -> tuple[Writes, int] | None:
        """Return what was written since the last look, and the version that a look at the rows now leads to."""
        with self.lock:
            self.is_scheduled = False
            if not self.members or not self.dirty.tables:
                return None
            dirty, self.dirty = self.dirty, Writes()
            return dirty, self.target

    def accept(self, rows: Rows, target: int) -> None:
        """Take a new state, and send what has changed; nothing where nothing has."""
        with self.lock:
            old, self.rows = self.rows, rows
            if old is not None:
                self.announce(delta(old, rows), target)

    def patch(self, changes: Mapping[str, str | None], target: int) -> None:
        """Change some rows of the state, and send them."""
        with self.lock:
            if self.rows is not None:
                self.announce(self.rows.patch(changes), target)

    def announce(self, change: Mapping[str, str] | None, target: int) -> None:
        """Send a delta to all members and keep it; whoever is sent all rows is sent those."""
        if change is None:
            return
        prev, self.v = self.v, max(target, self.v + 1)
        self.target = max(self.target, self.v)
        packet = packets.change(self.name, self.epoch, prev, self.v, change)
        self._keep(_Change(prev, self.v, packet))
        whole = "" if all(member.deltas for member in self.members) else packets.plain(self.name, self._text)
        for member in self.members:
            member.push(packet if member.deltas else whole)

    def _keep(self, change: _Change) -> None:
        self._changes.append(change)
        self._kept += len(change.packet)
        while len(self._changes) > _MOST_CHANGES or (self._kept > _MOST_KEPT and len(self._changes) > 1):
            self._kept -= len(self._changes.popleft().packet)

    # -- members ------------------------------------------------------------------------------

    def join(
        self,
        member: Member,
        since: tuple[str, int] | None,
        send: Callable[[str], None],
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """Take a member in: ``send`` gets its ack, with all rows, or with none where the changes ``since`` do.

        One that left meanwhile is not wanted: it gets its ack, and no more.
        """
        with self.lock:
            missed = self._since(since)
            meta = {"epoch": self.epoch, "v": self.v, "key": self.key, "resumed": missed is not None}
            send(packets.subscribed("null" if missed is not None else self._text, meta))
            if not is_wanted():
                return
            self.add(member)
            for change in missed or ():
                member.push(change.packet)

    def add(self, member: Member) -> None:
        """Take a member in who knows the state."""
        with self.lock:
            member.room = self
            member.start_over()
            self.members.add(member)

    def stays(self, member: Member) -> bool:
        """Let a member that was silent hear again; False where it is none."""
        with self.lock:
            if member not in self.members:
                return False
            if member.is_behind:
                self.send_all(member)
            member.is_silent = False
            return True

    def anybody(self) -> Member | None:
        """Return a member who is known to be allowed to see the rows."""
        with self.lock:
            return next((member for member in self.members if not member.is_silent), None)

    def all_members(self) -> list[Member]:
        """Return the members as they are now."""
        with self.lock:
            return list(self.members)

    def leave(self, member: Member) -> None:
        """Let a member go."""
        with self.lock:
            self.members.discard(member)
            if not self.members:
                self.empty_since = time.monotonic()

    def send_all(self, member: Member) -> None:
        """Send a member the whole state, whatever it has missed."""
        with self.lock:
            if member in self.members:
                member.start_over()
                text = self._text
                whole = packets.snapshot(self.name, self.epoch, self.v, text)
                member.push(whole if member.deltas else packets.plain(self.name, text))

    def _since(self, since: tuple[str, int] | None) -> list[_Change] | None:
        """Return the changes after a version, None where they are not all here."""
        if since is None or since[0] != self.epoch or since[1] > self.v:
            return None
        missed = [change for change in self._changes if change.v > since[1]]
        if missed:
            return missed if missed[0].prev == since[1] else None
        return [] if since[1] == self.v else None

    @property
    def _text(self) -> str:
        return self.rows.text if self.rows is not None else "[]"
