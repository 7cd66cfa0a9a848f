"""Compares what two sides said, place by place, leaving out the places that differ between two equal runs."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_POSITION = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Difference:
    """One place at which a side differs from the app alone."""

    side: str
    index: int
    subject: str
    path: str
    control: Any
    candidate: Any
    detail: str = ""

    @property
    def place(self) -> str:
        """The place without list positions: what is ignored where it is noise."""
        return f"{self.subject} {_POSITION.sub('[*]', self.path)}"

    def __str__(self) -> str:
        control, candidate = (json.dumps(value, default=str)[:160] for value in (self.control, self.candidate))
        head = f"{self.side} {self.subject} {self.path} {self.detail}"
        return f"{head}\n      alone:  {control}\n      {self.side + ':':7} {candidate}"


def differences(
    side: str, control: Sequence[Any], candidate: Sequence[Any], noise: frozenset[str] = frozenset()
) -> list[Difference]:
    """Return where two lists of (subject, value) differ, but for the places in ``noise`` and what is below them."""
    found = []
    for index, ((subject, left), (_, right)) in enumerate(zip(control, candidate, strict=True)):
        for path, a, b in _walk(left, right, "$"):
            one = Difference(side, index, str(subject), path, a, b, getattr(subject, "detail", ""))
            if not any(one.place == place or one.place.startswith((f"{place}.", f"{place}[")) for place in noise):
                found.append(one)
    return found


def _walk(left: Any, right: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield (path, left, right) for each place that differs; the order of keys counts, 1 is not 1.0."""
    if type(left) is not type(right):
        yield path, left, right
    elif isinstance(left, dict):
        if list(left) != list(right):
            yield f"{path} keys", list(left), list(right)
        for key in left.keys() & right.keys():
            yield from _walk(left[key], right[key], f"{path}.{key}")
    elif isinstance(left, list) and len(left) == len(right):
        for index, (a, b) in enumerate(zip(left, right, strict=True)):
            yield from _walk(a, b, f"{path}[{index}]")
    elif left != right:
        yield path, left, right


def rows(folder: Path) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return all rows of all tables of the SQLite files in a folder."""
    found = []
    for file in sorted(folder.rglob("*.db")):
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
            found += [(f"table {name}", table) for name, table in tables(connection)]
    return found


def tables(connection: sqlite3.Connection) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield each table's name and rows."""
    connection.row_factory = sqlite3.Row
    names = [r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY 1")]
    for name in names:
        yield name, [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')]
