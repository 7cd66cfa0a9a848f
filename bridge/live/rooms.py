"""All rooms of one app, and which of them a write concerns."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable

from bridge.live.collection import Collection
from bridge.live.room import Room
from bridge.live.writes import Writes

_EMPTY_SECONDS = 120.0
ANY = "*"
"""Stands for every table."""


class Rooms:
    """Rooms by the name of their collection and who shares them; safe to use from several threads.

    Commits are numbered, and for each table the last one is kept: so a GET that was asked before a room knew what it
    depends on finds out what it may have missed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rooms: dict[tuple[str, str], Room] = {}
        self._last: dict[str, int] = {}
        self.number = 0

    def written(self, writes: Writes) -> list[tuple[Room, Writes]]:
        """Count a commit; return the rooms that it concerns, each with those of its tables that were written."""
        with self._lock:
            self._count(writes.tables)
            is_any = ANY in writes.tables
            found = [one for one in self._rooms.values() if is_any or not one.tables.isdisjoint(writes.tables)]
        return [(room, writes.of(room.tables)) for room in found]

    def touched(self, name: str) -> list[Room]:
        """Count a write that was made elsewhere; return the rooms of a collection."""
        with self._lock:
            self._count([_touch(name)])
            return [room for room in self._rooms.values() if room.name == name]

    def _count(self, tables: Iterable[str]) -> None:
        self.number += 1
        for table in tables:
            self._last[table] = self.number

    def at(self, place: tuple[str, str], collection: Collection) -> Room:
        """Return the room for a collection's name and a scope; it is there for a while, though nobody has joined."""
        with self._lock:
            room = self._rooms.get(place)
            if room is None:
                room = self._rooms[place] = Room(place, collection.key)
            room.empty_since = time.monotonic()
            return room

    def watch(self, room: Room, tables: frozenset[str], before: int) -> Writes:
        """Have a room depend on tables, too; return what was written of them since the commit ``before``."""
        writes = Writes()
        with self._lock:
            room.tables |= tables
            for table in (*tables, ANY, _touch(room.name)):
                if self._last.get(table, 0) > before:
                    writes.add(table, None)
        return writes

    def is_written(self, tables: frozenset[str], before: int) -> bool:
        """Tell whether any of these tables was written since the commit ``before``."""
        with self._lock:
            return any(self._last.get(table, 0) > before for table in (*tables, ANY))

    def all(self) -> list[Room]:
        """Return the rooms as they are now."""
        with self._lock:
            return list(self._rooms.values())

    def forget_empty(self) -> None:
        """Drop rooms in which nobody has been for a while."""
        now = time.monotonic()
        with self._lock:
            for place, room in list(self._rooms.items()):
                if not room.members and now - room.empty_since > _EMPTY_SECONDS:
                    del self._rooms[place]


def _touch(name: str) -> str:
    return f"touch {name}"  # no table is called so: their names here are single words
