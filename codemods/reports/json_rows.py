"""The JSON report (docs/report.md): one row for every call site, for programs."""

from __future__ import annotations

import json

from codemods.reports.screen import Screen
from codemods.run import Run


def render(run: Run, screen: Screen) -> str:
    """Return the JSON document; a byte of a file name that is no UTF-8 is a lone surrogate's escape."""
    files = {"read": len(run.results), "changed": len(run.changed), "unparsable": run.unparsable}
    document = {"version": 1, "files": files, "sites": [site.to_dict() for site in run.sites]}
    if run.advice:
        document["advice"] = [one.to_dict() for one in run.advice]
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode() + "\n"
