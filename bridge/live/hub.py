"""Keeps live collections going: hears of committed writes, looks at the rows again, sends what has changed.

A look is a GET as one of the room's members, or a read of the very rows that were written. Commits within a short
window lead to one look. Nothing here runs until something is declared live.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from bridge.ack import Answer, ack_of, refusal
from bridge.call import Refused
from bridge.dispatch import COMMITTED, current
from bridge.live import packets
from bridge.live.asking import ENVIRON_KEY, Asked
from bridge.live.collection import Collection
from bridge.live.member import Member
from bridge.live.room import Room
from bridge.live.row_path import RowPath
from bridge.live.rows import Rows, dumps, read
from bridge.live.writes import Writes

if TYPE_CHECKING:
    from bridge.call import Route
    from bridge.connection import Connection
    from bridge.later import Later
    from bridge.native import Natives
    from bridge.workers import WorkerPool

_EMPTY_SECONDS = 120.0
_RETRY_STATUS = frozenset({408, 425, 429})
_logger = logging.getLogger("bridge")


class Hub:
    """All rooms of one app. ``lookup(event)`` gives the route and native handler of a GET."""

    def __init__(
        self,
        collections: Callable[[], Mapping[str, Collection]],
        lookup: Callable[[str], tuple[Route, Natives | None] | None],
        pool: WorkerPool,
        soon: Later,
        later: Later,
        row_path: Callable[[Collection], RowPath | None],
    ) -> None:
        self._collections = collections
        self._lookup = lookup
        self._pool = pool
        self._soon = soon
        self._later = later
        self._make_row_path = row_path
        self._row_paths: dict[str, RowPath | None] = {}
        self._lock = threading.Lock()
        self._rooms: dict[tuple[str, str], Room] = {}
        self._number = 0
        self._last: dict[str, int] = {}

    # -- writes -------------------------------------------------------------------------------

    def committed(self, writes: Writes) -> None:
        """Take notice of a commit, in the thread that made it."""
        with self._lock:
            self._number += 1
            for table in writes.tables:
                self._last[table] = self._number
            rooms = [room for room in self._rooms.values() if _concerns(writes, room)]
        environ = current.get(None)
        told = environ.get(COMMITTED) if environ is not None else None
        for room in rooms:
            self._note(room, writes, told)

    def touch(self, name: str) -> None:
        """Take notice of a write that was made elsewhere: to a collection, by its name, or to a table."""
        writes = Writes()
        writes.add(name.lower(), None)
        with self._lock:
            rooms = [room for room in self._rooms.values() if room.name == name]
        for room in rooms:
            self._note(room, writes, None)
        if not rooms:
            self.committed(writes)

    def _note(self, room: Room, writes: Writes, told: dict[Room, int] | None) -> None:
        target, starts = room.note(writes)
        if told is not None:
            told[room] = target
        if starts:
            self._soon(lambda: self._pool.submit(lambda: self._look(room)))

    # -- looking at the rows again --------------------------------------------------------------

    def _look(self, room: Room) -> None:
        taken = room.take_dirty()
        if taken is None:
            return
        dirty, target = taken
        try:
            done = self._by_rows(room, dirty, target) or self._by_get(room, target)
        except Exception:
            _logger.exception("live %s could not be looked at", room.name)
            done = False
        if not done:
            self._later(lambda: self._note(room, dirty, None))

    def _by_rows(self, room: Room, dirty: Writes, target: int) -> bool:
        path = self._row_paths.get(room.name) if room.uses_rows else None
        keys = path.keys(dirty) if path is not None else None
        if path is None or keys is None or room.rows is None:
            return False
        changes = path.changes(keys, room.rows)
        if changes is None:
            return False
        room.patch(changes, target)
        return True

    def _by_get(self, room: Room, target: int) -> bool:
        """Ask as a member; one who may not see the rows any more is told so, and the next is asked."""
        while (member := room.anybody()) is not None:
            before = self._number
            answer, asked = self._ask(member)
            if answer.status >= 500 or answer.status in _RETRY_STATUS:
                _logger.warning("live %s: its GET was answered with status %d", room.name, answer.status)
                return False
            if _is_good(answer):
                self._watch(room, asked, before)
                room.accept(read(answer.body, room.key), target)
                return True
            self._lose(member, ack_of(answer))
        return not room.members

    def _ask(self, member: Member) -> tuple[Answer, Asked]:
        collection = self._collections()[member.name]
        found = self._lookup(collection.event)
        assert found is not None  # checked when the collections were resolved
        asked = Asked(collection.scope)
        try:
            answer = member.connection.dispatcher.answer(member.call, found[1], _ignore_cookies, {ENVIRON_KEY: asked})
        except Refused as refused:
            answer = Answer(refused.status, [], dumps({"message": refused.sentence}).encode())
        return answer, asked

    def _watch(self, room: Room, asked: Asked, before: int) -> None:
        """Add what a GET read to what a room depends on; look again where that was written since ``before``."""
        collection = self._collections()[room.name]
        with self._lock:
            room.tables |= asked.tables | collection.reads
            late = [table for table in (*asked.tables, "*") if self._last.get(table, 0) > before]
        if late:
            writes = Writes()
            for table in late:
                writes.add(table, None)
            self._note(room, writes, None)

    # -- subscribing ------------------------------------------------------------------------------

    def is_live(self, name: object) -> bool:
        """True for the name of a live collection."""
        return isinstance(name, str) and name in self._collections()

    def route(self, name: str) -> Route:
        """Return the route of a collection's GET."""
        found = self._lookup(self._collections()[name].event)
        assert found is not None  # checked when the collections were resolved
        return found[0]

    def subscribe(self, member: Member, since: tuple[str, int] | None, settle: Callable[[str], None]) -> None:
        """Ask the GET as the subscriber and take it into its room; ``settle`` gets the ack, whatever happens."""
        try:
            before = self._number
            answer, asked = self._ask(member)
            if not _is_good(answer):
                member.subscriptions.forget(member)
                settle(ack_of(answer))
                return
            room = self._room_of(member, asked)
            self._fill(room, answer, asked, before)
            room.join(member, since, settle, lambda: member.subscriptions.is_wanted(member))
        except Exception:
            _logger.exception("nobody can subscribe to %r", member.name)
            member.subscriptions.forget(member)
            settle(refusal(500, "Internal Server Error"))

    def recheck(self, members: Iterable[Member]) -> None:
        """Ask again whether these may see what they are sent, before they are sent any more of it."""
        for member in members:
            member.is_silent = True
            self._pool.submit(lambda member=member: self._recheck(member))  # type: ignore[misc]

    def _recheck(self, member: Member) -> None:
        before = self._number
        answer, asked = self._ask(member)
        if answer.status >= 500 or answer.status in _RETRY_STATUS:
            self._later(lambda: self.recheck([member]))
        elif not _is_good(answer):
            self._lose(member, ack_of(answer))
        elif member.subscriptions.is_wanted(member):
            self._move(member, self._room_of(member, asked), answer, asked, before)

    def _move(self, member: Member, room: Room, answer: Answer, asked: Asked, before: int) -> None:
        old = member.room
        if old is room and room.stays(member):
            return
        if old is not None and old is not room:
            old.leave(member)
        self._fill(room, answer, asked, before)
        with room.lock:
            room.add(member)
            room.send_all(member)

    def _lose(self, member: Member, ack: str) -> None:
        """Tell a client that it may not see a collection any more; a change of its session brings it back."""
        room, member.room = member.room, None
        if room is not None:
            room.leave(member)
            member.tell(packets.lost(member.name, ack))

    def _room_of(self, member: Member, asked: Asked) -> Room:
        """Return the room for an answer; one that came without the view is for this connection alone."""
        scope = asked.scope if asked.found else f"connection {id(member.connection)}"
        collection = self._collections()[member.name]
        with self._lock:
            room = self._rooms.get((member.name, scope))
            if room is None:
                room = self._rooms[member.name, scope] = Room(member.name, collection.key)
        return room

    def _fill(self, room: Room, answer: Answer, asked: Asked, before: int) -> None:
        """Give a room that nobody keeps up to date the state of an answer."""
        with room.lock:
            if room.rows is None or not room.members:
                rows = read(answer.body, room.key)
                room.dirty = Writes()
                room.uses_rows = self._agrees(room.name, rows)
                room.accept(rows, room.target)
        self._watch(room, asked, before)

    def _agrees(self, name: str, rows: Rows) -> bool:
        if name not in self._row_paths:
            self._row_paths[name] = self._make_row_path(self._collections()[name])
        path = self._row_paths[name]
        return path is not None and path.agrees(rows)

    # -- from time to time ------------------------------------------------------------------------

    def beat(self) -> None:
        """Tell every client the versions of what it is subscribed to, so that a last change that was lost is missed."""
        versions: dict[Connection, dict[str, tuple[str, int]]] = {}
        for room in self._all_rooms():
            with room.lock:
                for member in room.members:
                    if member.deltas and not member.is_silent:
                        versions.setdefault(member.connection, {})[room.name] = (room.epoch, room.v)
        for connection, found in versions.items():
            connection.send(packets.beat(found))
        self._forget_empty()

    def recheck_all(self) -> None:
        """Ask for every member again whether it may see what it is sent."""
        for room in self._all_rooms():
            for member in room.all_members():
                self._pool.submit(lambda member=member: self._recheck(member))  # type: ignore[misc]

    def _all_rooms(self) -> list[Room]:
        with self._lock:
            return list(self._rooms.values())

    def _forget_empty(self) -> None:
        now = time.monotonic()
        with self._lock:
            old = [
                place
                for place, room in self._rooms.items()
                if not room.members and now - room.empty_since > _EMPTY_SECONDS
            ]
            for place in old:
                del self._rooms[place]


def _concerns(writes: Writes, room: Room) -> bool:
    return "*" in writes.tables or not room.tables.isdisjoint(writes.tables)


def _is_good(answer: Answer) -> bool:
    return 200 <= answer.status <= 299


def _ignore_cookies(headers: list[str], path: str) -> None:
    """A GET that nobody asked for must not log anybody in or out."""
