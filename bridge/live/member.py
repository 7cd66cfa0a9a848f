"""One connection's subscription to one live collection: what it is sent, and what happens where it cannot keep up."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from bridge.call import Call

if TYPE_CHECKING:
    from bridge.connection import Connection
    from bridge.live.room import Room
    from bridge.live.subscriptions import Subscriptions

MOST_WAITING = 256 * 1024
"""Characters of changes that may wait for one client to read them; beyond that they are dropped and it is sent anew."""


class Member:
    """A subscription; ``deltas`` is True for a client that merges changes, else it is sent all rows each time.

    ``is_silent`` while nobody knows whether the client may still see the rows: after its session has changed.
    """

    def __init__(
        self, connection: Connection, subscriptions: Subscriptions, name: str, call: Call, *, deltas: bool
    ) -> None:
        self.connection = connection
        self.subscriptions = subscriptions
        self.name = name
        self.call = call
        self.deltas = deltas
        self.room: Room | None = None
        self.is_silent = False
        self.is_behind = False
        self._lock = threading.Lock()
        self._waiting = 0

    def push(self, packet: str) -> None:
        """Send a change, unless the client is too far behind to be sent any."""
        with self._lock:
            if self.is_silent or self.is_behind:
                self.is_behind = True
                return
            if self._waiting and self._waiting + len(packet) > MOST_WAITING:
                self.is_behind = True
                return
            self._waiting += len(packet)
        self.connection.send(packet, lambda: self._written(len(packet)))

    def tell(self, packet: str) -> None:
        """Send something that is not a change, and is never dropped."""
        self.connection.send(packet)

    def start_over(self) -> None:
        """Take the client for one that is up to date: it is about to be sent everything."""
        with self._lock:
            self.is_silent = self.is_behind = False

    def _written(self, size: int) -> None:
        with self._lock:
            self._waiting -= size
            has_caught_up = self.is_behind and not self.is_silent and self._waiting == 0
        if has_caught_up:
            room = self.room
            if room is not None:
                room.send_all(self)
