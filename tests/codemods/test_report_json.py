"""The JSON report: its rows, and names that are no UTF-8."""

from __future__ import annotations

import json
from pathlib import Path

from codemods import reports
from codemods.results import LEFT, FileResult, Site
from codemods.run import Run
from tests.codemods.worlds import run_over


def test_one_row_for_every_call(tmp_path: Path) -> None:
    """Rewritten, left and external calls all have a row, with the same keys."""
    files = {"package.json": "{}", "src/a.js": 'fetch("/coaches");\nfetch("/coachs");\nfetch("https://x.example/");\n'}
    rows = json.loads(reports.render(run_over(tmp_path, files), "json"))["sites"]
    assert [(row["line"], row["outcome"]) for row in rows] == [(1, "rewritten"), (2, "left"), (3, "external")]
    assert len({tuple(row) for row in rows}) == 1


def test_a_name_that_is_no_utf8_comes_back() -> None:
    """A file name with a stray byte is written as UTF-8 and read back as the same name."""
    name = "caf\udce9 \u4e2d.js"
    run = Run((FileResult(name, b"", b"", (Site(name, 1, 1, LEFT, "no_route", "x"),), "is minified"),))
    text = reports.render(run, "json").encode().decode()
    assert "\u4e2d" in text
    assert json.loads(text)["sites"][0]["file"] == name
    assert json.loads(text)["files"]["unparsable"][0]["file"] == name
