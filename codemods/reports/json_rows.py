"""The JSON report (docs/report.md): one row for every call site, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from codemods.reports.screen import Screen
from codemods.results import Advice, Site
from codemods.run import Run

_encode = json.JSONEncoder(ensure_ascii=False).encode


def render(run: Run, screen: Screen) -> str:
    """Return the JSON document; a byte of a file name that is no UTF-8 is a lone surrogate's escape."""
    files = {"read": len(run.results), "changed": len(run.changed), "unparsable": run.unparsable}
    head = json.dumps({"version": 1, "files": files}, indent=2, ensure_ascii=False)
    lists: dict[str, list[Site] | list[Advice]] = {"sites": run.sites}
    lists |= {"advice": run.advice} if run.advice else {}
    tail = "".join(f',\n  "{name}": {_rows(rows)}' for name, rows in lists.items())
    text = f"{head[:-2]}{tail}\n}}"
    return text.encode("utf-8", "backslashreplace").decode() + "\n"


def _rows(found: Sequence[Site] | Sequence[Advice]) -> str:
    rows = ",\n".join(_row(one.to_dict()) for one in found)
    return f"[\n{rows}\n  ]" if rows else "[]"


def _row(values: dict[str, Any]) -> str:
    """Return one row, indented: the encoder is several times as slow where it does that itself."""
    pairs = ",\n".join(f'      "{key}": {_encode(value)}' for key, value in values.items())
    return f"    {{\n{pairs}\n    }}"
