"""Values that exist: the rows of the database, and what the app answered first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from bridge.parity.takes import Field

_SECRET = re.compile(r"pass|hash|token|secret", re.IGNORECASE)
_MOST = 40


@dataclass(frozen=True)
class Known:
    """``ids`` by table, in the order of the rows; ``values`` by table and column.

    ``given``: bodies that are known to be good, by event: those of logins.
    """

    ids: Mapping[str, tuple[Any, ...]]
    values: Mapping[str, Mapping[str, tuple[Any, ...]]]
    answers: Mapping[str, Any]
    given: Mapping[str, Any]

    @classmethod
    def of(
        cls,
        rows: Mapping[str, Sequence[Mapping[str, Any]]],
        answers: Mapping[str, Any],
        given: Mapping[str, Any] | None = None,
    ) -> Self:
        """Make it of rows by table and bodies by event; hashes of passwords are never used."""
        values = {table: _columns(some) for table, some in rows.items()}
        ids = {table: columns.get("id") or next(iter(columns.values()), ()) for table, columns in values.items()}
        return cls(ids, values, answers, given or {})

    def ids_of(self, table: str) -> tuple[Any, ...]:
        """Return the ids of a table's rows; () where it has none."""
        return self.ids.get(table, ())

    def table_named(self, name: str) -> str:
        """Return the table that a field called ``coach_id``, ``coachId`` or ``exercise_move_ids`` points to, or ""."""
        match = re.fullmatch(r"(\w+?)_?(?:id|ids|Id|Ids)", name)
        if match is None:
            return ""
        word = _plain(match[1])
        return next((table for table in self.ids if _plain(table) in (word, word + "e")), "")

    def like(self, field: Field, tables: Sequence[str]) -> tuple[Any, ...]:
        """Return values that a field of this name has in rows of these tables, else in answers."""
        for table in tables:
            found = self.values.get(table, {}).get(field.name)
            if found:
                return found
        for body in self.answers.values():
            found = tuple(_found(body, field.name))
            if found:
                return found[:_MOST]
        return ()


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, tuple[Any, ...]]:
    names = rows[0] if rows else {}
    return {
        name: tuple(dict.fromkeys(row[name] for row in rows[:_MOST] if row[name] is not None and _is_plain(row[name])))
        for name in names
        if not _SECRET.search(name)
    }


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def _found(body: Any, name: str) -> Iterator[Any]:
    items = body if isinstance(body, list) else [body]
    for item in items:
        if isinstance(item, dict) and item.get(name) not in (None, "") and _is_plain(item[name]):
            yield item[name]


def _plain(word: str) -> str:
    return word.lower().replace("_", "").rstrip("s")
