"""The JSON report (docs/report.md): one row for every call site, for programs."""

from __future__ import annotations

import json
from typing import Any

from codemods.reports.screen import Screen
from codemods.runner import Run

_encode = json.JSONEncoder(ensure_ascii=False).encode


def render(run: Run, screen: Screen) -> str:
    """Return the JSON document; a byte of a file name that is no UTF-8 is a lone surrogate's escape."""
    files = {"read": len(run.results), "changed": len(run.changed), "unparsable": run.unparsable}
    head = json.dumps({"version": 1, "files": files}, indent=2, ensure_ascii=False)
    rows = ",\n".join(_row(site.to_dict()) for site in run.sites)
    sites = f"[\n{rows}\n  ]" if rows else "[]"
    text = f'{head[:-2]},\n  "sites": {sites}\n}}'
    return text.encode("utf-8", "backslashreplace").decode() + "\n"


def _row(values: dict[str, Any]) -> str:
    """Return one row, indented: the encoder is several times as slow where it does that itself."""
    pairs = ",\n".join(f'      "{key}": {_encode(value)}' for key, value in values.items())
    return f"    {{\n{pairs}\n    }}"
