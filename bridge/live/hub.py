"""Keeps live collections going: hears of committed writes, looks at the rows again, sends what has changed.

A look is a GET as one of the room's members, or a read of the very rows that were written. Commits within a short
window lead to one look. Nothing here runs until something is declared live.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from bridge.ack import Answer, ack_of, refusal
from bridge.call import Refused
from bridge.dispatch import COMMITTED, current
from bridge.live import packets
from bridge.live.asking import ENVIRON_KEY, Asked, asked_here
from bridge.live.collection import Collection
from bridge.live.member import Member, Turn
from bridge.live.room import Look, Room
from bridge.live.rooms import ANY, Rooms
from bridge.live.row_path import RowPath
from bridge.live.rows import Rows, dumps, read
from bridge.live.sql import one_word
from bridge.live.writes import Writes

if TYPE_CHECKING:
    from bridge.call import Route
    from bridge.connection import Connection
    from bridge.native import Natives
    from bridge.workers import Job

_RETRY_STATUS = frozenset({408, 425, 429})
_logger = logging.getLogger("bridge")


class _End(Enum):
    """How a look ended: ``WAITS`` for members of whom it is not known yet whether they may see the rows."""

    DONE, FAILED, WAITS = range(3)


class Pool(Protocol):
    """What runs jobs."""

    def submit(self, job: Job) -> None:
        """Run a job, sooner or later."""


class _Handed:
    """Stands where a pool of workers stands, and hands its jobs on."""

    def __init__(self, schedule: Callable[[Job], None]) -> None:
        self._schedule = schedule

    def submit(self, job: Job) -> None:
        """Hand a job on."""
        self._schedule(job)


class Hub:
    """All rooms of one app. ``lookup(event)`` gives the route and native handler of a GET."""

    def __init__(
        self,
        collections: Callable[[], Mapping[str, Collection]],
        lookup: Callable[[str], tuple[Route, Natives | None] | None],
        *,
        looks: Pool,
        rechecks: Pool,
        soon: Callable[[Job], None],
        later: Callable[[Job], None],
        row_path: Callable[[Collection], RowPath | None],
    ) -> None:
        """``rechecks`` is for those of all members, from time to time: looks must not wait behind them."""
        self._collections = collections
        self._lookup = lookup
        self._looks: Pool = looks
        self._rechecks: Pool = rechecks
        self._soon: Callable[[Job], None] = soon
        self._later: Callable[[Job], None] = later
        self._make_row_path = row_path
        self._row_paths: dict[str, RowPath | None] = {}
        self._rooms = Rooms()

    def driven_by(self, schedule: Callable[[Job], None]) -> None:
        """Run nothing in the background from now on: every job goes to ``schedule``, whose caller runs it."""
        self._soon = self._later = schedule
        self._looks = self._rechecks = _Handed(schedule)

    # -- writes -------------------------------------------------------------------------------

    def committed(self, writes: Writes) -> None:
        """Take notice of a commit, in the thread that made it."""
        asked = asked_here()
        if asked is not None and not asked.by_client:
            return
        environ = current.get(None)
        told = environ.get(COMMITTED) if environ is not None else None
        for room, some in self._rooms.written(writes):
            target = self._note(room, some)
            if told is not None:
                told[room] = target

    def touch(self, name: str) -> None:
        """Take notice of a write that was made elsewhere: to a collection, by its name, or to a table."""
        for room in self._rooms.touched(name):
            self._note(room, Writes.to([ANY]))
        self.committed(Writes.to([one_word(name)]))

    def _note(self, room: Room, writes: Writes) -> int:
        target, starts = room.note(writes)
        if starts:
            self._schedule(room, self._soon)
        return target

    def _schedule(self, room: Room, when: Callable[[Job], None]) -> None:
        when(lambda: self._looks.submit(lambda: self._look(room)))

    # -- looking at the rows again --------------------------------------------------------------

    def _look(self, room: Room) -> None:
        look = room.take()
        if look is None:
            return
        try:
            end = self._by_rows(room, look) or self._by_get(room, look)
        except Exception:
            _logger.exception("live %s could not be looked at", room.name)
            end = _End.FAILED
        room.rest(look, done=end is _End.DONE)
        if (end is not _End.WAITS or room.anybody() is not None) and room.wake():
            self._schedule(room, self._soon if end is _End.DONE else self._later)

    def _by_rows(self, room: Room, look: Look) -> _End | None:
        path = self._row_paths.get(room.name) if room.uses_rows else None
        rows = room.rows
        if path is None or rows is None:
            return None
        changes = path.changes(look.dirty, rows)
        return _End.DONE if changes is not None and room.patch(changes, look) else None

    def _by_get(self, room: Room, look: Look) -> _End:
        """Ask as a member; one who may not see these rows any more is told so, and the next is asked."""
        while (member := room.anybody()) is not None:
            before, turn = self._rooms.number, member.begin()
            answer, asked = self._ask(member)
            if _is_passing(answer):
                _logger.warning("live %s: its GET was answered with status %d", room.name, answer.status)
                return _End.FAILED
            if _is_good(answer) and self._place(member, asked) == room.place:
                self._watch(room, asked, before)
                rows = read(answer.body, room.key)
                if room.uses_rows is None:
                    room.uses_rows = self._may_use_rows(room.name, rows, asked, before)
                return _End.DONE if room.accept(rows, look) else _End.FAILED
            self._apply(member, turn, answer, asked, before)
        return _End.WAITS

    def _ask(self, member: Member, *, by_client: bool = False) -> tuple[Answer, Asked]:
        collection = self._collections()[member.name]
        found = self._lookup(collection.event)
        assert found is not None  # checked when the collections were resolved
        asked = Asked(collection.scope, by_client)
        try:
            answer = member.connection.dispatcher.answer(member.call, found[1], _ignore_cookies, {ENVIRON_KEY: asked})
        except Refused as refused:
            answer = Answer(refused.status, [], dumps({"message": refused.sentence}).encode())
        return answer, asked

    @staticmethod
    def _place(member: Member, asked: Asked) -> tuple[str, str]:
        """Return whose answer this is; one that came without the view is for this connection alone."""
        return member.name, asked.scope if asked.found else f"connection {member.connection.sid}"

    def _watch(self, room: Room, asked: Asked, before: int) -> None:
        """Have a room depend on what a GET read; look again where that was written since ``before``."""
        late = self._rooms.watch(room, asked.tables | self._collections()[room.name].reads, before)
        if late.tables:
            self._note(room, late)

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
        """Ask the GET as the subscriber and take it into its room; ``settle`` gets the ack, whatever happens.

        One who is refused is remembered: a change of its session lets it in.
        """
        try:
            before, turn = self._rooms.number, member.begin()
            answer, asked = self._ask(member, by_client=True)
            room = self._filled(member, answer, asked, before) if _is_good(answer) else None
        except Exception:
            _logger.exception("nobody can subscribe to %r", member.name)
            member.subscriptions.forget(member)
            settle(refusal(500, "Internal Server Error"))
            return
        member.has_joined = True
        if room is not None:
            room.join(member, turn, since, settle)
            self._wake(room)
        else:
            if _is_passing(answer):
                member.subscriptions.forget(member)
            settle(ack_of(answer))
        if turn.session != member.subscriptions.session:  # logged in or out since it was asked
            self.recheck([member])

    def recheck(self, members: Iterable[Member]) -> None:
        """Ask again whether these may see what they are sent; who is subscribing just now is asked anyway."""
        for member in members:
            if member.has_joined:
                self._looks.submit(lambda member=member: self._recheck(member))  # type: ignore[misc]

    def _recheck(self, member: Member) -> None:
        if not member.is_wanted:
            return
        before, turn = self._rooms.number, member.begin()
        try:
            answer, asked = self._ask(member)
            if not _is_passing(answer):
                self._apply(member, turn, answer, asked, before)
                return
        except Exception:
            _logger.exception("live %s: it is not known who may see it", member.name)
        self._later(lambda: self.recheck([member]))

    def _apply(self, member: Member, turn: Turn, answer: Answer, asked: Asked, before: int) -> None:
        """Put a member where an answer says that it belongs, or nowhere."""
        room = self._filled(member, answer, asked, before) if _is_good(answer) else None
        with member.applying:
            if not member.takes(turn):
                return  # a later answer has decided, or one is under way
            if room is None:
                self._lose(member, ack_of(answer))
            elif not (member.room is room and room.stays(member, turn)):
                self._move(member, room, turn)
        if room is not None:
            self._wake(room)

    @staticmethod
    def _move(member: Member, room: Room, turn: Turn) -> None:
        if member.room is not None:
            member.room.leave(member)
        with room.lock:
            if room.add(member, turn):
                room.send_all(member)

    @staticmethod
    def _lose(member: Member, ack: str) -> None:
        """Tell a client that it may not see a collection any more; a change of its session brings it back."""
        room, member.room = member.room, None
        if room is not None:
            room.leave(member)
            member.tell(packets.lost(member.name, ack))

    def _filled(self, member: Member, answer: Answer, asked: Asked, before: int) -> Room:
        """Return the room of an answer; its rows are the answer's, unless somebody keeps them up to date."""
        collection = self._collections()[member.name]
        room = self._rooms.at(self._place(member, asked), collection)
        if not room.is_kept:
            rows = read(answer.body, room.key)
            room.fill(rows, uses_rows=self._may_use_rows(room.name, rows, asked, before))
        self._watch(room, asked, before)
        return room

    def _may_use_rows(self, name: str, rows: Rows, asked: Asked, before: int) -> bool | None:
        """Tell whether single rows may be read; None where they were written meanwhile, so that it cannot be told."""
        if name not in self._row_paths:
            self._row_paths[name] = self._make_row_path(self._collections()[name])
        path = self._row_paths[name]
        why = path.differs(rows, asked.statements) if path is not None else ""
        if path is None or why is None:
            return path is not None
        if self._rooms.is_written(asked.tables, before):
            return None
        path.tell(why)
        return False

    def _wake(self, room: Room) -> None:
        """Look at what was written while nobody was there to be asked."""
        if room.wake():
            self._schedule(room, self._soon)

    # -- from time to time ------------------------------------------------------------------------

    def beat(self) -> None:
        """Tell every client the versions of what it is subscribed to, so that a last change that was lost is missed."""
        versions: dict[Connection, dict[str, tuple[str, int, int]]] = {}
        for room in self._rooms.all():
            with room.lock:
                for member in room.members:
                    if member.deltas and not member.is_silent and not member.is_behind:
                        versions.setdefault(member.connection, {})[room.name] = room.state
        for connection, found in versions.items():
            connection.send(packets.beat(found))
        self._rooms.forget_empty()

    def recheck_all(self) -> None:
        """Ask for every member again whether it may see what it is sent."""
        for room in self._rooms.all():
            for member in room.all_members():
                self._rechecks.submit(lambda member=member: self._recheck(member))  # type: ignore[misc]


def _is_good(answer: Answer) -> bool:
    return 200 <= answer.status <= 299


def _is_passing(answer: Answer) -> bool:
    """True for an answer that says nothing of who may see the rows: the app has failed, or wants to be left alone."""
    return answer.status >= 500 or answer.status in _RETRY_STATUS


def _ignore_cookies(headers: list[str], path: str) -> None:
    """A GET that nobody asked for must not log anybody in or out."""
