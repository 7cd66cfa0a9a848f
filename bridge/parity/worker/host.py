"""One app on copies of its databases, asked one step after another; says what each step left behind."""

from __future__ import annotations

import gc
import importlib
import logging
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.errors import BridgeError
from bridge.parity.steps import Step
from bridge.parity.worker.app import loaded, native_events
from bridge.parity.worker.foreign import refuse_other_databases
from bridge.parity.worker.pushes import Pushes
from bridge.parity.worker.spec import Spec
from bridge.parity.worker.sqlite_copies import Rows, SqliteCopies
from bridge.parity.worker.stillness import Stillness
from bridge.parity.worker.surfaces import SocketSurface
from bridge.parity.worker.watching import Watching

if TYPE_CHECKING:
    from flask import Flask


class Host:
    """What a worker holds; raises BridgeError where the app cannot be hosted."""

    def __init__(self, spec: Spec) -> None:
        self._stillness = Stillness(spec.seed, spec.passwords)
        self._databases = SqliteCopies(Path(spec.originals), Path(spec.folder), _sql_now)
        self._watching = Watching()
        self._databases.install()
        self._stillness.install()
        if _can_import("sqlalchemy"):
            self._watching.watch_sql()
            refuse_other_databases()
        if spec.setup:
            importlib.import_module(spec.setup)
        self._app, self._map, self._surface = loaded(spec.source, spec.app_dir, spec.surface)
        _connect(self._app)
        self._watching.watch_requests(self._stillness.roll)
        self._pushes = self._watched_pushes()
        gc.freeze()  # the app's modules are not looked through for garbage with each step
        logging.disable(logging.CRITICAL)  # a traceback for each 500 would be most of the time
        self._rows: Rows = {}
        self._number = 0
        self._learner = ""

    def _watched_pushes(self) -> Pushes | None:
        bridge = self._app.extensions.get("bridge")
        hub = bridge.hub_of(self._app) if bridge is not None else None
        if hub is None or not isinstance(self._surface, SocketSurface):
            return None
        return Pushes(hub, self._map, self._surface, self._watching)

    def hello(self) -> dict[str, Any]:
        """Return what there is to ask: events, and which of them have a native handler; routes that HTTP lacks."""
        rules = {(method, rule.rule) for rule in self._app.url_map.iter_rules() for method in rule.methods or ()}
        return {
            "events": [event.to_dict() for event in self._map],
            "native": native_events(self._app),
            "removed": [event.event for event in self._map if (event.method, event.rule) not in rules],
        }

    def open(self) -> None:
        """Start a sequence: new browsers, the clock at its beginning."""
        self._number = 0
        self._stillness.begin(0)
        self._surface.open()
        if self._pushes is not None:
            self._pushes.open()

    def mark(self) -> None:
        """Remember all rows as they are now."""
        self._databases.mark()

    def restore(self) -> None:
        """Put back the rows that ``mark`` remembered, and the clock."""
        self._databases.restore()
        self._number = 0
        if self._pushes is not None:
            self._pushes.rewound()

    def ask(self, step: Step) -> dict[str, Any]:
        """Return the observation of one step."""
        if self._pushes is not None:
            self._pushes.join(step.who)
        self._number += 1
        self._stillness.begin(self._number)
        before = self._databases.rows()
        self._watching.start()
        answer = self._surface.ask(step)
        seen = self._seen(before)
        if self._pushes is not None:
            seen["pushes"] = self._pushes.faults(step.who, wrote=bool(seen["rows"]))
        return {**answer, **seen}

    def _seen(self, before: Rows) -> dict[str, Any]:
        seen = self._watching
        return {
            "headers": dict(seen.headers),
            "session": seen.session,
            "cookies": dict(seen.cookies),
            "rows": _changes(before, self._databases.rows()),
            "sql": dict(seen.sql),
            "connections": seen.connections,
            "exception": seen.exception,
            "unordered": sorted(seen.unordered),
        }

    def known(self) -> dict[str, list[dict[str, Any]]]:
        """Return all rows by table, as inputs are made of them."""
        columns = self._databases.columns()
        return {
            table: [dict(zip(columns[table], row, strict=True)) for row in rows]
            for table, rows in self._databases.rows().items()
        }

    def enter(self, login: list[dict[str, Any]]) -> None:
        """Log somebody in by these steps, and be that person while learning."""
        for row in login:
            self._surface.ask(Step.from_dict(row))
            self._learner = row["who"]

    def learn(self, name: str) -> dict[str, Any]:
        """Return what the route of an event takes, found out by asking it."""
        from bridge.parity.learning import learn

        event = self._map.get(name)
        assert event is not None  # it is of this app's map
        return learn(self._app, event, self.ask_quietly, self._learner).to_dict()

    def ask_quietly(self, step: Step) -> Any:
        """Return the body of an answer, for whoever learns; the rows are put back."""
        self._number += 1
        self._stillness.begin(self._number)
        answer = self._surface.ask(step)
        self._databases.restore()
        return answer.get("data")


def _changes(before: Rows, after: Rows) -> dict[str, dict[str, list[Any]]]:
    """Return by table the rows that are gone and those that are new, sorted: a table has no order."""
    if before is after:
        return {}
    found = {}
    for table in {**before, **after}:
        old, new = before.get(table, []), after.get(table, [])
        if old != new:
            found[table] = {"gone": _without(old, new), "new": _without(new, old)}
    return found


def _without(rows: list[tuple[Any, ...]], others: list[tuple[Any, ...]]) -> list[Any]:
    left = Counter(map(repr, rows))
    left.subtract(Counter(map(repr, others)))
    return sorted(([*row] for row in rows if left[repr(row)] > 0), key=repr)


def _connect(app: Flask) -> None:
    """Open the databases of an app now, so that all rows are known before the first step."""
    db = app.extensions.get("sqlalchemy")
    with app.app_context():
        for engine in getattr(db, "engines", {}).values():
            try:
                engine.connect().close()
            except BridgeError:
                raise
            except Exception:  # one that cannot be reached: the app's answers will tell
                continue


def _sql_now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _can_import(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True
