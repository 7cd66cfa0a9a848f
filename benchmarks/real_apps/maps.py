"""Compares event maps of real apps: imported, and read from source. `python -m benchmarks.real_apps.maps apps.toml`.

The TOML file is the one of `python -m benchmarks.real_apps`; the apps' folders are read, and imported where they lie.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.real_apps.sides import App, event_map

Rows = set[tuple[str, ...]]


def compared(app: App) -> tuple[str, str, str, list[str]]:
    """Return the two counts of events, a verdict, and a line for each event that only one side has."""
    try:
        read = _rows(event_map(app, str(app.folder)))
        live = _rows(event_map(app))
    except RuntimeError as error:
        return "-", "-", str(error)[:80], []
    lines = [f"  only imported: {' '.join(row)}" for row in sorted(live - read)]
    lines += [f"  only read: {' '.join(row)}" for row in sorted(read - live)]
    return str(len(live)), str(len(read)), "different" if lines else "equal", lines


def _rows(rows: list[dict[str, Any]]) -> Rows:
    keys = ("event", "method", "rule", "endpoint", "resource")
    return {(*(row[key] for key in keys), ",".join(row["params"]), str(row.get("status", ""))) for row in rows}


def main() -> int:
    """Print the table and the differences; exit code 1 where there are any."""
    file = Path(sys.argv[1])
    apps = [App.of(row, file.resolve().parent) for row in tomllib.loads(file.read_text(encoding="utf-8"))["app"]]
    table = Table("app", "imported", "read", "", box=None, pad_edge=False)
    lines: list[str] = []
    for app in apps:
        *cells, more = compared(app)
        table.add_row(app.name, *cells)
        lines += [f"{app.name}:", *more] if more else []
    console = Console(width=120)
    console.print(table)
    for line in lines:
        console.print(line, markup=False, highlight=False)
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
