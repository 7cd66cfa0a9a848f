"""Every SQLite database that the process opens is a copy: the app's own files are read once, and never written.

``sqlite3.connect`` itself is replaced, so that no way to a database goes by: SQLAlchemy's, raw SQL's, a library's.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

Rows = dict[str, list[tuple[Any, ...]]]
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
_COLUMNS = "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table'"
#: SQLite's own clock, by the function that it calls, and which part of "2026-03-04 10:30:00" it gives.
_CLOCKS = {"current_timestamp": slice(0, 19), "current_date": slice(0, 10), "current_time": slice(11, 19)}


class SqliteCopies:
    """The databases of one process, by the path that the app knows them by."""

    def __init__(self, originals: Path, own: Path, now: Callable[[], str]) -> None:
        """``originals``: where the first process that opens a database puts it for all; ``own``: this process's folder.

        ``now`` gives the time as CURRENT_TIMESTAMP has it.
        """
        self._originals = originals
        self._own = own
        self._now = now
        self._connect = sqlite3.connect
        self._files: dict[str, Database] = {}
        self._memories: list[Database] = []

    def install(self) -> None:
        """Take over, before the app is imported."""
        sqlite3.connect = sqlite3.dbapi2.connect = self._redirected  # type: ignore[assignment]

    def _redirected(self, database: Any, *args: Any, **kwargs: Any) -> sqlite3.Connection:
        path = _path_of(database, uri=bool(kwargs.get("uri")))
        target = database if path is None else str(self._file(path).path)
        connection: sqlite3.Connection = self._connect(
            target, *args, **{**kwargs, "uri": path is None and bool(kwargs.get("uri"))}
        )
        # The copy is thrown away: it need not survive a power cut.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = MEMORY")
        for name, part in _CLOCKS.items():
            connection.create_function(name, 0, functools.partial(self._time, part))
        if path is None:
            self._memories.append(Database(None, connection))
        return connection

    def _time(self, part: slice) -> str:
        return self._now()[part]

    def _file(self, path: str) -> Database:
        if path not in self._files:
            name = hashlib.sha256(path.encode()).hexdigest()[:16] + ".db"
            original = self._originals / name
            if not original.exists():
                self._take(Path(path), original)
            copy = self._own / name
            copy.write_bytes(original.read_bytes())
            reader = self._connect(str(copy), isolation_level=None, check_same_thread=False)
            self._files[path] = Database(copy, reader)
            self._files[path].mark()  # one that is opened late is restored to what it was then
        return self._files[path]

    def _take(self, source: Path, target: Path) -> None:
        """Copy a database as it is at one moment, also while somebody writes it."""
        making = target.with_suffix(f".{os.getpid()}")
        into = self._connect(str(making))
        if source.is_file():
            origin = self._connect(f"file:{_quoted(source)}?mode=ro", uri=True)
            try:
                origin.backup(into)
            finally:
                origin.close()
        into.execute("PRAGMA journal_mode = DELETE")
        into.close()
        os.replace(making, target)

    # -- what a run asks for --------------------------------------------------------------------

    def mark(self) -> None:
        """Remember all rows as they are now."""
        for one in self._all():
            one.mark()

    def restore(self) -> None:
        """Put back what ``mark`` remembered."""
        for one in self._all():
            one.restore()

    def rows(self) -> Rows:
        """Return the rows of all tables by name, in the order of the table."""
        return {table: rows for one in self._all() for table, rows in one.rows().items()}

    def columns(self) -> dict[str, list[str]]:
        """Return the names of columns by table."""
        return {table: names for one in self._all() for table, names in one.columns().items()}

    def _all(self) -> list[Database]:
        self._memories = [one for one in self._memories if one.is_open]
        return [*self._files.values(), *self._memories]


class Database:
    """One copy, read and put back over a connection of our own; one in memory has its app's connection only."""

    def __init__(self, path: Path | None, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._marked: sqlite3.Connection | None = None
        self._rows: Rows = {}
        self._marked_rows: Rows = {}
        self._version: object = None

    @property
    def is_open(self) -> bool:
        """False once the app has closed the connection that a database in memory lives by."""
        try:
            self._connection.total_changes  # noqa: B018 - raises where it is closed
        except sqlite3.ProgrammingError:
            return False
        return True

    def mark(self) -> None:
        """Remember all rows as they are now."""
        self._marked_rows = self.rows()
        if self._marked is not None:
            self._marked.close()
        self._marked = sqlite3.dbapi2.Connection(":memory:", check_same_thread=False)
        self._connection.backup(self._marked)

    def restore(self) -> None:
        """Put back what ``mark`` remembered, where anything was written since."""
        if self._marked is None or self._seen() == self._version and self._rows is self._marked_rows:
            return
        self._marked.backup(self._connection)
        self._version, self._rows = self._seen(), self._marked_rows

    def rows(self) -> Rows:
        """Return the rows by table; read only where a commit has come since the last time."""
        version = self._seen()
        if version != self._version:
            self._rows = {table: self._read(table) for table in self._tables()}
            self._version = version
        return self._rows

    def columns(self) -> dict[str, list[str]]:
        """Return the names of columns by table."""
        found: dict[str, list[str]] = {}
        for table, column in self._execute(_COLUMNS):
            found.setdefault(table, []).append(column)
        return found

    def _seen(self) -> object:
        changed = self._execute("PRAGMA data_version")[0][0]
        return changed, self._connection.total_changes

    def _tables(self) -> list[str]:
        return [name for (name,) in self._execute(_TABLES)]

    def _read(self, table: str) -> list[tuple[Any, ...]]:
        quoted = table.replace('"', '""')
        return self._execute(f'SELECT * FROM "{quoted}"')

    def _execute(self, sql: str) -> list[tuple[Any, ...]]:
        cursor = self._connection.cursor()
        cursor.row_factory = None
        try:
            return cursor.execute(sql).fetchall()
        finally:
            cursor.close()


def _path_of(database: Any, *, uri: bool) -> str | None:
    """Return the absolute path of a database's file; None for one in memory."""
    text = os.fsdecode(database)
    if uri and text.startswith("file:"):
        parts = urlsplit(text)
        if parse_qs(parts.query).get("mode") == ["memory"]:
            return None
        text = unquote(parts.path)
    return None if text in ("", ":memory:") else os.path.abspath(text)


def _quoted(path: Path) -> str:
    return quote(str(path.resolve()))
