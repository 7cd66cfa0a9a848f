"""Puts live collections into an app: declarations, engines to watch, and what runs from time to time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bridge.errors import BridgeError
from bridge.later import Later
from bridge.live.asking import reading, watch
from bridge.live.collection import Collection, resolve_all, with_live
from bridge.live.hub import Hub
from bridge.live.row_path import RowPath
from bridge.workers import WorkerPool, run_safely, runner_for

if TYPE_CHECKING:
    from flask import Flask

    from bridge.call import Route
    from bridge.events import EventMap
    from bridge.native import Natives

_LOOKS_AT_ONCE = 4
_WINDOW = 0.01
_RETRY = 1.0


Lookup = Callable[[str], "tuple[Route, Natives | None] | None"]


class Live:
    """The live collections of one app; without a declaration it costs nothing."""

    def __init__(self, app: Flask, db: Any, engine: Any, *, heartbeat: float, recheck: float) -> None:
        """``db`` is the app's Flask-SQLAlchemy; the tasks of ``engine``, its Engine.IO server, fit its async mode.

        ``heartbeat`` and ``recheck`` are the seconds between two heartbeats, and between two looks whether a client
        may still see what it is sent.
        """
        self._app, self._db, self._engine = app, db, engine
        self._heartbeat = heartbeat
        self._recheck = recheck
        self._collections: dict[str, Collection] = {}
        self._is_beating = False
        self.hub: Hub | None = None

    def resolve(self, declared: Sequence[Collection], event_map: EventMap, lookup: Lookup, *, strict: bool) -> EventMap:
        """Return the event map with its live collections; raises BridgeError where one cannot be."""
        if not declared:
            return event_map
        try:
            collections = resolve_all(declared, event_map)
            self._start(lookup)
        except BridgeError:
            if strict:
                raise
            return event_map  # its route, or the db, may still be added
        self._collections = collections
        for collection in self._collections.values():
            event = event_map.get(collection.event)
            assert event is not None  # it was resolved by this map
            watch(self._app, event.endpoint)
        return with_live(event_map, list(self._collections.values()))

    def _start(self, lookup: Lookup) -> None:
        if self.hub is not None:
            return
        self._db = self._db if self._db is not None else self._app.extensions.get("sqlalchemy")
        if self._db is None:
            msg = "bridge.live(...) sees writes by Flask-SQLAlchemy: give the bridge your db, Bridge(..., db=db)"
            raise BridgeError(msg)
        runner = runner_for(self._engine.async_mode)
        self.hub = Hub(
            lambda: self._collections,
            lookup,
            looks=WorkerPool(_LOOKS_AT_ONCE, runner),
            rechecks=WorkerPool(1, runner),
            soon=Later(_WINDOW, self._engine),
            later=Later(_RETRY, self._engine),
            row_path=self._row_path,
        )
        from bridge.live.capture import Capture, Followers  # Loads SQLAlchemy, which not every app has.

        capture = Capture(self.hub.committed, Followers(lambda: _tables(self._db)), reading)
        with self._app.app_context():
            for engine in _engines(self._db):
                capture.attach(engine)

    def _row_path(self, collection: Collection) -> RowPath | None:
        return RowPath(self._app, self._db, collection) if collection.model is not None else None

    def started(self) -> Hub | None:
        """Return the hub, for a connection; with the first of them, what runs from time to time starts."""
        if not self._is_beating and self.hub is not None:
            self._is_beating = True
            self._engine.start_background_task(self._beat, self.hub)
        return self.hub

    def _beat(self, hub: Hub) -> None:
        rechecked = time.monotonic()
        while True:
            self._engine.sleep(min(self._heartbeat, self._recheck))
            run_safely(hub.beat)
            if time.monotonic() - rechecked >= self._recheck:
                rechecked = time.monotonic()
                run_safely(hub.recheck_all)


def _engines(db: Any) -> list[Any]:
    engines: Mapping[Any, Any] | None = getattr(db, "engines", None)
    return list(engines.values()) if engines is not None else [db.engine]


def _tables(db: Any) -> list[Any]:
    metadatas = [*getattr(db, "metadatas", {}).values()] or [db.metadata]
    return [table for metadata in metadatas for table in metadata.tables.values()]
