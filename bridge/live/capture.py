"""Sees every committed write of an engine, whoever made it: ORM, bulk, Core or raw SQL.

Flask-SQLAlchemy's ``models_committed`` and the events of a Session each miss some of them (stack-facts 23). Here a
statement is seen when the cursor executes it, kept with its DBAPI connection, told when that has committed, and
forgotten when it rolls back. SQLAlchemy's own ``commit`` event comes before the commit, when nobody else can see the
rows yet; so the dialect's ``do_commit`` is wrapped. What a savepoint takes back is told too: a look too many finds
nothing, and a change before a savepoint that is rolled back is not lost.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import event

from bridge.live.keys import written_keys
from bridge.live.sql import may_write, named_tables, one_word
from bridge.live.writes import Key, Writes

_logger = logging.getLogger("bridge")
_PENDING = "bridge.live.writes"
_INSERT = "bridge.live.insert"
Committed = Callable[[Writes], None]


class Capture:
    """Watches engines; ``committed(writes)`` is called in the thread that has just committed, and must be quick.

    ``followers(table, deletes)`` gives those tables that the database itself changes with one (ON DELETE CASCADE),
    which no statement names.
    """

    def __init__(
        self,
        committed: Committed,
        followers: Callable[[str, bool], Iterable[str]] = lambda table, deletes: (),
        reading: Callable[[], set[str] | None] = lambda: None,
    ) -> None:
        """``reading`` gives where the statements of the current context go."""
        self._committed = committed
        self._followers = followers
        self._reading = reading
        self._attached: set[int] = set()

    def attach(self, engine: Any) -> None:
        """Watch an engine from now on; a second time does nothing."""
        if id(engine.dialect) in self._attached:
            return
        self._attached.add(id(engine.dialect))
        event.listen(engine, "after_cursor_execute", self._executed)
        event.listen(engine, "after_execute", self._inserted)
        dialect = engine.dialect
        dialect.do_commit = self._then(dialect.do_commit, self._publish)
        dialect.do_rollback = self._then(dialect.do_rollback, _forget)
        dialect.do_commit_twophase = self._then(dialect.do_commit_twophase, self._publish)
        dialect.do_rollback_twophase = self._then(dialect.do_rollback_twophase, _forget)

    @staticmethod
    def _then(original: Callable[..., Any], after: Callable[[Any], None]) -> Callable[..., Any]:
        def both(connection: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(connection, *args, **kwargs)
            try:
                after(connection)
            except Exception:  # the commit is done: who made it must not hear that it failed
                _logger.exception("a commit was not made known to live collections")
            return result

        return both

    # -- SQLAlchemy's events ------------------------------------------------------------------

    def _executed(self, conn: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool) -> None:
        read = self._reading()
        if read is not None:
            read.add(statement)
        try:
            self._noted(conn, statement, context)
        except Exception:  # of a kind that nobody has thought of: it must not fail by being watched
            _logger.exception("live collections cannot read %.200r; it counts as a write to any table", statement)
            self._note(conn.info, ["*"], None)
        if _PENDING in conn.info and _commits_itself(conn):
            self._publish(conn)

    def _noted(self, conn: Any, statement: str, context: Any) -> None:
        info = conn.info
        info.pop(_INSERT, None)
        if getattr(context, "compiled", None) is not None and (
            context.isinsert or context.isupdate or context.isdelete
        ):
            self._written(info, context)
        elif may_write(statement):
            for table in named_tables(statement) or {"*"}:
                self._note(info, (table, *self._followers(table, True), *self._followers(table, False)), None)

    def _written(self, info: dict[str, Any], context: Any) -> None:
        """Note what an INSERT, UPDATE or DELETE that SQLAlchemy has compiled wrote."""
        statement = context.compiled.statement
        table = _name(statement.table)
        if context.isinsert:
            info[_INSERT] = table  # its keys are known a moment later, in after_execute
            self._note(info, [table], None if _is_upsert(statement) else ())
        else:
            self._note(info, [table], written_keys(context.compiled, context.compiled_parameters))
            others = [*_other_tables(statement), *self._followers(table, bool(context.isdelete))]
            self._note(info, others, None)

    def _inserted(self, conn: Any, _clause: Any, _many: Any, _params: Any, _options: Any, result: Any) -> None:
        table = conn.info.pop(_INSERT, None)
        if table is not None:
            self._note(conn.info, [table], _inserted_keys(result))

    @staticmethod
    def _note(info: dict[str, Any], tables: Iterable[str], keys: Iterable[Key] | None) -> None:
        for table in tables:
            info.setdefault(_PENDING, Writes()).add(table, keys)

    def _publish(self, connection: Any) -> None:
        info = _info(connection)
        writes = info.pop(_PENDING, None)
        unfinished = info.pop(_INSERT, None)
        if writes is not None:
            if unfinished is not None:
                writes.add(unfinished, None)
            self._committed(writes)


def _info(connection: Any) -> dict[str, Any]:
    """Return what SQLAlchemy keeps with a DBAPI connection; one that is only being tried has nothing."""
    try:
        found = connection.info
    except (NotImplementedError, AttributeError):  # the first connection of all, before any statement of the app's
        return {}
    return found if isinstance(found, dict) else {}


def _commits_itself(conn: Any) -> bool:
    """True where the database commits each statement: by an option of the connection, or of its engine."""
    level = conn.get_execution_options().get("isolation_level")
    return (level or getattr(conn.dialect, "_on_connect_isolation_level", None)) == "AUTOCOMMIT"


def _forget(connection: Any) -> None:
    info = _info(connection)
    info.pop(_PENDING, None)
    info.pop(_INSERT, None)


def _name(table: Any) -> str:
    return one_word(str(getattr(table, "name", table)))


def _is_upsert(statement: Any) -> bool:
    """True for INSERT ... ON CONFLICT, which may change a row with any key."""
    return getattr(statement, "_post_values_clause", None) is not None


def _other_tables(statement: Any) -> Iterable[str]:
    """Return further tables of a multi-table UPDATE or DELETE, which some databases write too."""
    extra = getattr(statement, "_extra_froms", None) or ()
    return [_name(one) for one in extra if hasattr(one, "name")]


def _inserted_keys(result: Any) -> list[Key] | None:
    """Return the primary keys that an INSERT gave its rows, None where the driver did not say."""
    try:
        rows = result.context.inserted_primary_key_rows
        keys = [tuple(row) for row in rows or ()]
    except Exception:  # not every kind of INSERT has them; which, is up to dialect and version
        return None
    return keys if keys and not any(part is None for key in keys for part in key) else None


class Followers:
    """Which tables the database changes together with another one, by ON DELETE or ON UPDATE, through any number."""

    def __init__(self, tables: Callable[[], Sequence[Any]]) -> None:
        """``tables`` gives those that are defined by now."""
        self._tables = tables
        self._count = -1
        self._direct: dict[tuple[str, bool], set[str]] = {}

    def _read(self, tables: Sequence[Any]) -> None:
        self._count = len(tables)
        self._direct = {}
        for table in tables:
            for key in table.foreign_keys:
                for deletes, rule in ((True, key.ondelete), (False, key.onupdate)):
                    if rule:
                        self._direct.setdefault((_target(key), deletes), set()).add(_name(table))

    def __call__(self, table: str, deletes: bool) -> set[str]:
        """Return those of a table from which rows are deleted, or whose rows are updated."""
        tables = self._tables()
        if len(tables) != self._count:
            self._read(tables)
        found: set[str] = set()
        waiting = [*self._direct.get((table, deletes), ())]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self._direct.get((one, deletes), ())
        return found


def _target(key: Any) -> str:
    """Return the table of a foreign key's target, also where that is not defined yet: ``schema.table.column``."""
    return one_word(str(key.target_fullname).split(".")[-2])
