"""Reads single rows of a collection, so that the cost of a write follows the change and not the table."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextvars import Context
from typing import TYPE_CHECKING, Any

from bridge.live.rows import Rows, dumps, loads
from bridge.live.sql import lists_all, one_word
from bridge.live.writes import Writes

if TYPE_CHECKING:
    from flask import Flask

    from bridge.live.collection import Collection

_MOST_KEYS = 500
_TRIED = 100
_logger = logging.getLogger("bridge")


class RowPath:
    """Rows by primary key, written by the schema that the user named.

    It is used as long as it gives the very rows that the GET gave, in the order of their primary keys, and the GET's
    SQL lists all of the table: that is tried for each room when its state is first read.
    """

    def __init__(self, app: Flask, db: Any, collection: Collection) -> None:
        self._app = app
        self._db = db
        self._model = collection.model
        self._schema = collection.schema
        self._key = collection.key
        table = collection.model.__table__
        columns = list(table.primary_key)
        self._table = one_word(str(table.name))
        self._column: Any = columns[0] if len(columns) == 1 and columns[0].name == collection.key else None
        self._name = collection.name
        self._has_warned = False
        self._is_sorted = False

    def changes(self, dirty: Writes, rows: Rows) -> dict[str, str | None] | None:
        """Return the texts of the rows that were written as they are now, None for each that is gone.

        None for all of them where the GET is to be asked: other tables were written, or it is not known which rows,
        or a new row would not be the last by its key.
        """
        keys = self._keys(dirty)
        if keys is None:
            return None
        try:
            found = self._read(keys)
        except Exception:
            _logger.warning("live %s: a row could not be read or written", self._name, exc_info=True)
            return None
        new = [key for key in found if key not in rows.texts]
        last = next(reversed(rows.texts), None)
        if new and last is not None and not _follows(last, min(new, key=loads_key)):
            return None
        ordered = sorted(found, key=loads_key)
        gone = {dumps(key): None for key in keys if dumps(key) not in found}
        return {**gone, **{key: found[key] for key in ordered}}

    def _keys(self, dirty: Writes) -> list[Any] | None:
        touched = dirty.tables.get(self._table)
        if self._column is None or len(dirty.tables) != 1 or touched is None or len(touched) > _MOST_KEYS:
            return None
        return [key[0] for key in touched]

    def differs(self, rows: Rows, statements: Iterable[str]) -> str | None:
        """Return why this way does not give what the GET gave, by this SQL; None where it does."""
        try:
            return self._differs(rows, statements)
        except Exception:
            _logger.warning("live %s: its rows could not be read and written one by one", self._name, exc_info=True)
            return "its rows could not be read or written, see above"

    def _differs(self, rows: Rows, statements: Iterable[str]) -> str | None:
        if self._column is None or rows.whole is not None:
            return "its rows are not told apart by the model's primary key"
        keys = [loads_key(key) for key in rows.texts]
        if any(not _is_before(one, other) for one, other in zip(keys, keys[1:], strict=False)):
            return "its GET does not list the rows by primary key"
        if not lists_all(statements, self._table, self._column.name):
            return "its GET chooses rows, or orders them otherwise than by primary key"
        sample = keys[:: max(1, len(keys) // _TRIED)]
        if not any(self._writes_alike(sample, rows, is_sorted=is_sorted) for is_sorted in (False, True)):
            return "the schema writes a row otherwise than the GET does"
        return None if self._count() == len(keys) else "its GET does not list every row"

    def _writes_alike(self, sample: list[Any], rows: Rows, *, is_sorted: bool) -> bool:
        """Try an order of a row's keys: Flask's jsonify sorts them, Flask-RESTful leaves the schema's."""
        self._is_sorted = is_sorted
        read = self._read(sample)
        return all(read.get(dumps(key)) == rows.texts[dumps(key)] for key in sample)

    def tell(self, why: str) -> None:
        """Log once why this way is not used."""
        if not self._has_warned:
            _logger.warning("live %s: model and schema are not used, for %s", self._name, why)
        self._has_warned = True

    def _read(self, keys: list[Any]) -> dict[str, str]:
        return Context().run(self._read_here, keys)

    def _read_here(self, keys: list[Any]) -> dict[str, str]:
        from sqlalchemy import select

        with self._app.app_context():
            rows = self._db.session.scalars(select(self._model).where(self._column.in_(keys))).unique().all()
            written = self._schema.dump(rows, many=True) if hasattr(self._schema, "dump") else map(self._schema, rows)
            text = self._app.json.dumps(list(written), sort_keys=self._is_sorted)
            values = loads(text.encode())
            return {dumps(value[self._key]): dumps(value) for value in values}

    def _count(self) -> int:
        return Context().run(self._count_here)

    def _count_here(self) -> int:
        from sqlalchemy import func, select

        with self._app.app_context():
            return int(self._db.session.scalar(select(func.count()).select_from(self._model)))


def loads_key(text: str) -> Any:
    """Return the value of a key's text."""
    return loads(text.encode())


def _follows(last: str, first: str) -> bool:
    return _is_before(loads_key(last), loads_key(first))


def _is_before(one: Any, other: Any) -> bool:
    """Compare keys as a database orders them: numbers; text is ordered by its collation, which nobody knows here."""
    return isinstance(one, int) and isinstance(other, int) and one < other
