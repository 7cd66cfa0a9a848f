"""One connection's subscription to one live collection: what it is sent, and what happens where it cannot keep up."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.call import Call

if TYPE_CHECKING:
    from bridge.connection import Connection
    from bridge.live.room import Room
    from bridge.live.subscriptions import Subscriptions

MOST_WAITING = 256 * 1024
"""Characters of changes that may wait for one client to read them; beyond that they are dropped and it is sent anew."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One time that the GET is asked as a member: ``session`` tells who was logged in when that began."""

    number: int
    session: int


class Member:
    """A subscription; ``deltas`` is True for a client that merges changes, else it is sent all rows each time.

    It is silent, sent nothing, from a change of its session until it is known that it may still see the rows.
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
        self.has_joined = False
        self.is_behind = False
        self.applying = threading.Lock()
        """Held while an answer decides where a member belongs; taken before a room's lock, never after."""
        self._known = -1
        self._asked = 0
        self._taken = 0
        self._lock = threading.RLock()
        self._waiting = 0

    # -- what it may see ------------------------------------------------------------------------

    @property
    def is_silent(self) -> bool:
        """True while nobody knows whether the client may see the rows."""
        return self._known != self.subscriptions.session

    @property
    def is_wanted(self) -> bool:
        """True until the client has left the collection, or asked for it anew."""
        return self.subscriptions.members.get(self.name) is self

    def begin(self) -> Turn:
        """Note that the GET is asked as this member; call it before."""
        session = self.subscriptions.session
        with self._lock:
            self._asked += 1
            return Turn(self._asked, session)

    def takes(self, turn: Turn) -> bool:
        """Tell whether an answer counts: not where a later one did, or where somebody else is logged in meanwhile."""
        with self._lock:
            if turn.number < self._taken or turn.session != self.subscriptions.session:
                return False
            self._taken = turn.number
            return True

    def allow(self, turn: Turn) -> None:
        """Send it changes again, if who was logged in when it was asked still is."""
        self._known = turn.session

    # -- what it is sent ------------------------------------------------------------------------

    def push(self, packet: str) -> None:
        """Send a change, unless the client is too far behind to be sent any."""
        with self._lock:
            if self.is_silent or self.is_behind or (self._waiting and self._waiting + len(packet) > MOST_WAITING):
                self.is_behind = True
                return
            self._waiting += len(packet)
            self.connection.send(packet, lambda: self._written(len(packet)))

    def hush(self) -> None:
        """Return when no change is being sent that was meant for who was logged in before."""
        with self._lock:
            return

    def tell(self, packet: str) -> None:
        """Send something that is not a change, and is never dropped."""
        self.connection.send(packet)

    def start_over(self) -> None:
        """Take the client for one that is up to date: it is about to be sent everything."""
        with self._lock:
            self.is_behind = False

    def _written(self, size: int) -> None:
        with self._lock:
            self._waiting -= size
            has_caught_up = self.is_behind and not self.is_silent and self._waiting == 0
        if has_caught_up:
            room = self.room
            if room is not None:
                room.send_all(self)
