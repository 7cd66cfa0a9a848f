"""What one connection is subscribed to: takes its ``subscribe`` and ``unsubscribe`` in the order in which they came."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

from bridge.ack import refusal
from bridge.call import Refused
from bridge.live.member import Member
from bridge.live.packets import subscribed
from bridge.wire import Frame

if TYPE_CHECKING:
    from bridge.connection import Connection
    from bridge.live.hub import Hub
    from bridge.live.room import Room

SUBSCRIBE, UNSUBSCRIBE = "subscribe", "unsubscribe"
_MOST = 200
"""Collections that one connection may be subscribed to."""

Settle = Callable[[str], None]


class Subscriptions:
    """The members of one connection, by the name of the collection."""

    def __init__(self, connection: Connection, hub: Hub) -> None:
        self._connection = connection
        self._hub = hub
        self.members: dict[str, Member] = {}
        self.session = 0
        """Another number with each change of who is logged in."""
        self._sessions = count(1)
        self._lock = threading.Lock()

    def take(self, frame: Frame, settle: Settle) -> None:
        """Take a frame, in the connection's reader: what needs the app is left to the lane."""
        try:
            name = self._name(frame.args)
            if frame.event == UNSUBSCRIBE:
                self._leave(name)
                settle(subscribed("null", {}))
                return
            member, since = self._member(name, frame.args[1] if len(frame.args) > 1 else None)
        except Refused as refused:
            settle(refusal(refused.status, refused.sentence))
            return
        self._leave(name, member)
        self._connection.lane.read(lambda: self._hub.subscribe(member, since, settle))

    def forget(self, member: Member) -> None:
        """Drop a member that was not let in."""
        with self._lock:
            if self.members.get(member.name) is member:
                del self.members[member.name]
        if member.room is not None:
            member.room.leave(member)

    def recheck(self) -> None:
        """Have it looked at again what this connection may see: its session has changed."""
        self.session = next(self._sessions)
        members = list(self.members.values())
        for member in members:
            member.hush()
        self._hub.recheck(members)

    def versions(self, told: Mapping[Room, int]) -> dict[str, int]:
        """Return the versions that this connection's own writes led to, of what it is subscribed to.

        Not those of a write that has changed nothing that is shown: no client ever hears of them.
        """
        rooms = {member.room: member for member in list(self.members.values())}
        written = [(rooms[room], room, target) for room, target in told.items() if room in rooms]
        return {member.name: target for member, room, target in written if room.expects(member, target)}

    def close(self) -> None:
        """Leave everything."""
        for name in list(self.members):
            self._leave(name)

    def _leave(self, name: str, successor: Member | None = None) -> None:
        with self._lock:
            member = self.members.pop(name, None)
            if successor is not None:
                self.members[name] = successor
        if member is not None and member.room is not None:
            member.room.leave(member)

    def _name(self, args: list[Any]) -> str:
        if not args or not isinstance(args[0], str):
            msg = 'write emit("subscribe", "coaches", ack): the first argument is the name of a live collection'
            raise Refused(msg)
        return args[0]

    def _member(self, name: str, options: Any) -> tuple[Member, tuple[str, int] | None]:
        """Return the member that a client asks to be; raises Refused, with a sentence, where it asks wrongly."""
        if not self._hub.is_live(name):
            msg = f"there is no live collection {name[:80]!r}"
            raise Refused(msg, 404)
        if options is not None and not isinstance(options, dict):
            msg = f"the options of a subscription to {name} are an object"
            raise Refused(msg)
        if len(self.members) >= _MOST and name not in self.members:
            msg = f"a connection is subscribed to {_MOST} collections at most"
            raise Refused(msg, 429)
        options = options or {}
        params = {key: value for key, value in options.items() if key == "$headers"}
        call = self._hub.route(name).call(Frame("/", "", name, [params] if params else [], ""))
        return Member(self._connection, self, name, call, deltas=options.get("deltas") is True), _since(options)


def _since(options: Mapping[str, Any]) -> tuple[str, int] | None:
    """Return where a client that reconnects was."""
    epoch, v = options.get("epoch"), options.get("v")
    return (epoch, v) if isinstance(epoch, str) and type(v) is int else None
