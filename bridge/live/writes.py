"""What a transaction wrote, as a value."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Key = tuple[Any, ...]


class Writes:
    """What one transaction wrote: primary keys by table name; None stands for rows that are not known."""

    def __init__(self) -> None:
        self.tables: dict[str, set[Key] | None] = {}

    def add(self, table: str, keys: Iterable[Key] | None) -> None:
        """Add rows of a table by their primary keys, or None for any of them."""
        known = self.tables.setdefault(table, set())
        if known is not None:
            self.tables[table] = None if keys is None else known | set(keys)

    def merge(self, other: Writes) -> None:
        """Add what another transaction wrote."""
        for table, keys in other.tables.items():
            self.add(table, keys)

    def of(self, tables: frozenset[str]) -> Writes:
        """Return what was written of these tables; ``*`` is one of any."""
        found = Writes()
        found.tables = {table: keys for table, keys in self.tables.items() if table in tables or table == "*"}
        return found

    @staticmethod
    def to(tables: Iterable[str]) -> Writes:
        """Return writes to any rows of these tables."""
        writes = Writes()
        for table in tables:
            writes.add(table, None)
        return writes
