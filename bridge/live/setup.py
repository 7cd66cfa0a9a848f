"""Puts live collections into an app: declarations, engines to watch, and what runs from time to time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from bridge.errors import BridgeError
from bridge.later import Later
from bridge.live.asking import reading, watch
from bridge.live.collection import Collection, resolve_all, with_live
from bridge.live.hub import Hub
from bridge.live.row_path import RowPath
from bridge.live.writes import Capture, Followers
from bridge.workers import GeventRunner, ThreadRunner, WorkerPool, run_safely

if TYPE_CHECKING:
    from flask import Flask

    from bridge.call import Route
    from bridge.events import EventMap

_LOOKS_AT_ONCE = 4
_WINDOW = 0.01
_RETRY = 1.0


class Live:
    """The live collections of one app; without a declaration it costs nothing."""

    def __init__(self, *, heartbeat: float, recheck: float) -> None:
        """Seconds between two heartbeats, and between two looks whether a client may still see what it is sent."""
        self._heartbeat = heartbeat
        self._recheck = recheck
        self._declared: list[Collection] = []
        self._collections: dict[str, Collection] = {}
        self._app: Flask | None = None
        self._db: Any = None
        self._engine: Any = None
        self._is_started = False
        self._is_beating = False
        self.hub: Hub | None = None

    def declare(self, collection: Collection) -> None:
        """Add a collection; it is looked up when the event map is next made."""
        self._declared.append(collection)

    def mount(self, app: Flask, db: Any, engine: Any) -> None:
        """Take the app, its Flask-SQLAlchemy, and the Engine.IO server whose tasks fit its async mode."""
        self._app, self._db, self._engine = app, db, engine

    def resolve(
        self, event_map: EventMap, lookup: Callable[[str], tuple[Route, object] | None], *, strict: bool
    ) -> EventMap:
        """Return the event map with its live collections; raises BridgeError where one cannot be."""
        if not self._declared or self._app is None:
            return event_map
        try:
            collections = resolve_all(self._declared, event_map)
            self._start(self._app, lookup)
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

    def _start(self, app: Flask, lookup: Callable[[str], tuple[Route, object] | None]) -> None:
        if self._is_started:
            return
        self._db = self._db if self._db is not None else app.extensions.get("sqlalchemy")
        if self._db is None:
            msg = "bridge.live(...) sees writes by Flask-SQLAlchemy: give the bridge your db, Bridge(..., db=db)"
            raise BridgeError(msg)
        self._is_started = True
        runner = GeventRunner() if self._engine.async_mode == "gevent" else ThreadRunner()
        self.hub = Hub(
            lambda: self._collections,
            lookup,
            looks=WorkerPool(_LOOKS_AT_ONCE, runner),
            rechecks=WorkerPool(1, runner),
            soon=Later(_WINDOW, self._engine),
            later=Later(_RETRY, self._engine),
            row_path=self._row_path,
        )
        capture = Capture(self.hub.committed, Followers(lambda: _tables(self._db)), reading)
        with app.app_context():
            for engine in _engines(self._db):
                capture.attach(engine)

    def _row_path(self, collection: Collection) -> RowPath | None:
        assert self._app is not None  # mounted
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
