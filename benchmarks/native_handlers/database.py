"""The SQLite files of a running app: what a call changed in them, and how to put it back."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.real_apps.compare import tables

Rows = list[dict[str, Any]]
_BUSY = 100


class Database:
    """All SQLite files below a folder, with what they held at first."""

    def __init__(self, folder: Path) -> None:
        self._files = [_File(path) for path in sorted(folder.rglob("*.db"))]

    def changes(self) -> dict[str, dict[str, Rows]]:
        """Return the rows that were added to and removed from each table since the first or the last reset."""
        return {table: rows for file in self._files for table, rows in file.changes().items()}

    def reset(self) -> None:
        """Put back what the files held at first, under the app's open connections."""
        for file in self._files:
            file.reset()

    def clear(self) -> None:
        """Take all rows out of all tables."""
        for file in self._files:
            file.clear()


class _File:
    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._first = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.backup(self._first)
        self._rows = dict(tables(self._connection))
        self._version = self._data_version()
        self._is_changed = False

    def _data_version(self) -> int:
        """Return a number that changes with every commit of another connection."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def changes(self) -> dict[str, dict[str, Rows]]:
        version = self._data_version()
        if version == self._version and not self._is_changed:
            return {}
        self._version, self._is_changed = version, True
        now = dict(tables(self._connection))
        found = {name: _changed(self._rows.get(name, []), rows) for name, rows in now.items()}
        return {name: change for name, change in found.items() if any(change.values())}

    def clear(self) -> None:
        for name in self._rows:
            self._connection.execute(f'DELETE FROM "{name}"')
        self._is_changed = True

    def reset(self) -> None:
        if not self._is_changed and self._data_version() == self._version:
            return
        turns = 0

        def turned(*_: int) -> None:
            nonlocal turns
            turns += 1
            if turns > _BUSY:
                msg = "the app keeps a transaction open after a request"
                raise RuntimeError(msg)

        self._first.backup(self._connection, progress=turned, sleep=0.05)
        self._version, self._is_changed = self._data_version(), False


def _changed(before: Rows, after: Rows) -> dict[str, Rows]:
    gone = Counter(map(repr, before))
    gone.subtract(map(repr, after))
    return {
        # Rows of a table between two others come in any order, and mean the same.
        "added": sorted((row for row in after if _take(gone, row, -1)), key=repr),
        "removed": sorted((row for row in before if _take(gone, row, 1)), key=repr),
    }


def _take(counts: Counter[str], row: dict[str, Any], sign: int) -> bool:
    """True for as many equal rows as one side has more than the other."""
    key = repr(row)
    if counts[key] * sign <= 0:
        return False
    counts[key] -= sign
    return True
