"""A room: those who share one state of a live collection, that state, and its latest changes.

All that happens to a room happens under its lock, sending included (a packet is queued, never waited for): so a
subscription's snapshot and the changes after it leave in order, with none between them. Nothing that may wait, such as
the database, is asked under it: who commits comes by here.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bridge.live import packets
from bridge.live.member import Member, Turn
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


@dataclass(frozen=True, slots=True)
class Look:
    """What is to be looked at: what was written, and the version that it leads to; ``filling`` tells states apart."""

    dirty: Writes
    target: int
    filling: int


class Room:
    """``v`` is the version of the state that was sent last, ``target`` that of the last write that may change it.

    ``seen`` is that of the last write after which the rows were looked at. There is one look at a time: two would
    hand in their rows in any order.
    """

    def __init__(self, place: tuple[str, str], key: str) -> None:
        self.place = place
        self.name = place[0]
        self.key = key
        self.epoch = secrets.token_hex(8)
        self.lock = threading.RLock()
        self.members: set[Member] = set()
        self.tables: frozenset[str] = frozenset()
        self.rows: Rows | None = None
        self.v = 0
        self.target = 0
        self.seen = 0
        self.uses_rows: bool | None = None
        """Whether single rows may be read; None while that is not known."""
        self.empty_since = time.monotonic()
        self._dirty = Writes()
        self._is_scheduled = False
        self._filling = 0
        self._told: dict[Member, int] = {}
        self._changes: deque[_Change] = deque()
        self._kept = 0

    # -- writes -------------------------------------------------------------------------------

    def note(self, writes: Writes) -> tuple[int, bool]:
        """Take notice of a committed write; return the version that it leads to, and whether to look at the rows."""
        with self.lock:
            self.target += 1
            self._dirty.merge(writes)
            return self.target, self.wake()

    def wake(self) -> bool:
        """Tell whether a look is wanted that nobody has scheduled; it counts as scheduled then."""
        with self.lock:
            if self._is_scheduled or not self.members or not self._dirty.tables:
                return False
            self._is_scheduled = True
            return True

    def take(self) -> Look | None:
        """Return what was written since the last look; None where nobody wants to know."""
        with self.lock:
            if not self.members or not self._dirty.tables:
                self._is_scheduled = False
                return None
            dirty, self._dirty = self._dirty, Writes()
            return Look(dirty, self.target, self._filling)

    def rest(self, look: Look, *, done: bool) -> None:
        """End a look; what it was to look at is to be looked at again where it is not done."""
        with self.lock:
            self._is_scheduled = False
            if done:
                self.seen = max(self.seen, look.target)
                self._tell_unchanged()
            else:
                self._dirty.merge(look.dirty)

    def expects(self, member: Member, target: int) -> bool:
        """Tell whether a version comes to a member, or has; if a look finds nothing new, it is told that instead."""
        with self.lock:
            if self.v >= target:
                return True
            if self.seen >= target or member not in self.members:
                return False
            self._told[member] = target
            return True

    def _tell_unchanged(self) -> None:
        for member, target in list(self._told.items()):
            if self.seen >= target:
                del self._told[member]
                if self.v < target:
                    member.tell(packets.beat({self.name: self.state}))

    @property
    def state(self) -> tuple[str, int, int]:
        """What a heartbeat says of a room."""
        return self.epoch, self.v, self.seen

    def accept(self, rows: Rows, look: Look) -> bool:
        """Take a new state, and send what has changed; False where it was replaced since the look began."""
        with self.lock:
            if look.filling != self._filling:
                return False
            self._replace(rows, look.target)
            return True

    def patch(self, changes: Mapping[str, str | None], look: Look) -> bool:
        """Change some rows of the state, and send them; False where it was replaced since the look began."""
        with self.lock:
            if look.filling != self._filling or self.rows is None:
                return False
            self._announce(self.rows.patch(changes), look.target)
            return True

    @property
    def is_kept(self) -> bool:
        """True while somebody is there for whom the state is kept up to date."""
        return self.rows is not None and bool(self.members)

    def fill(self, rows: Rows, *, uses_rows: bool | None) -> None:
        """Take the state of an answer, if nobody keeps this room's up to date."""
        with self.lock:
            if not self.is_kept:
                self._filling += 1
                self._dirty = Writes()
                self.uses_rows = uses_rows
                self._replace(rows, self.target)

    def _replace(self, rows: Rows, target: int) -> None:
        old, self.rows = self.rows, rows
        if old is not None:
            self._announce(delta(old, rows), target)

    def _announce(self, change: Mapping[str, str] | None, target: int) -> None:
        """Send a delta to all members and keep it; whoever is sent all rows is sent those."""
        if change is None:
            return
        prev, self.v = self.v, max(target, self.v + 1)
        self.target = max(self.target, self.v)
        packet = packets.change(self.name, self.epoch, prev, self.v, change)
        self._keep(_Change(prev, self.v, packet))
        whole = "" if all(member.deltas for member in self.members) else packets.plain(self.name, self._text)
        for member in list(self.members):
            member.push(packet if member.deltas else whole)

    def _keep(self, change: _Change) -> None:
        self._changes.append(change)
        self._kept += len(change.packet)
        while len(self._changes) > _MOST_CHANGES or (self._kept > _MOST_KEPT and len(self._changes) > 1):
            self._kept -= len(self._changes.popleft().packet)

    # -- members ------------------------------------------------------------------------------

    def join(self, member: Member, turn: Turn, since: tuple[str, int] | None, send: Callable[[str], None]) -> None:
        """Take a member in: ``send`` gets its ack, with all rows, or with none where the changes ``since`` do.

        One that left meanwhile is not wanted: it gets its ack, and no more.
        """
        with self.lock:
            missed = self._since(since)
            meta = {"epoch": self.epoch, "v": self.v, "seen": self.seen, "key": self.key, "resumed": missed is not None}
            send(packets.subscribed("null" if missed is not None else self._text, meta))
            if self.add(member, turn):
                for change in missed or ():
                    member.push(change.packet)

    def add(self, member: Member, turn: Turn) -> bool:
        """Take a member in who knows the state, or is sent it now; False where the client has left meanwhile."""
        with self.lock:
            self.members.add(member)
            member.room = self
            member.allow(turn)
            member.start_over()
            # Only now: who leaves from here on finds the room that it is in.
            if not member.is_wanted:
                self.leave(member)
            return member in self.members

    def stays(self, member: Member, turn: Turn) -> bool:
        """Let a member that was silent hear again; False where it is none."""
        with self.lock:
            if member not in self.members:
                return False
            member.allow(turn)
            if member.is_behind:
                self.send_all(member)
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
            self._told.pop(member, None)
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
