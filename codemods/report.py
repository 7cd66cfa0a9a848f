"""Writes what a run found: JSON for programs, a table, findings and a diff for people."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from collections.abc import Iterable
from io import StringIO

import click
from rich.console import Console
from rich.table import Table

from codemods.results import EXTERNAL, LEFT, LIKELY, REWRITTEN, SAFE, FileResult, Site
from codemods.runner import Run

_COLUMNS = (SAFE, LIKELY, LEFT, EXTERNAL)
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def as_json(run: Run) -> str:
    """Return the JSON report (docs/report.md): one row for every call site."""
    files = {"read": len(run.results), "changed": len(run.changed), "unparsable": run.unparsable}
    document = {"version": 1, "files": files, "sites": [site.to_dict() for site in run.sites]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_text(run: Run, *, coloured: bool = False) -> str:
    """Return the report for people: a table by rule and outcome, then the findings."""
    out = StringIO()
    console = Console(file=out, force_terminal=coloured, width=100, highlight=False)
    if run.sites:
        console.print(_table(run.sites))
    lines = [_finding(site) for site in run.sites if site.outcome != REWRITTEN or site.confidence == LIKELY]
    lines += [f"{one['file']}: {one['reason']}" for one in run.unparsable]
    rewritten = sum(site.outcome == REWRITTEN for site in run.sites)
    counts = (f"{len(run.results)} files read", f"{len(run.sites)} calls", f"{rewritten} rewritten")
    total = ", ".join([*counts, f"{len(run.changed)} files changed"])
    return "\n".join([out.getvalue().rstrip("\n"), *lines, total]).lstrip("\n") + "\n"


def _table(sites: list[Site]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("rule", "rewritten", "likely", "left", "external"):
        table.add_column(heading, justify="left" if heading == "rule" else "right")
    counts = Counter((site.rule or "-", _column(site)) for site in sites)
    for rule in sorted({rule for rule, _ in counts}):
        table.add_row(rule, *(str(counts[rule, column] or "") for column in _COLUMNS))
    return table


def _column(site: Site) -> str:
    return site.confidence if site.outcome == REWRITTEN else site.outcome


def _finding(site: Site) -> str:
    reason = site.reason if site.outcome != REWRITTEN else LIKELY
    return f"{site.file}:{site.line}:{site.column} {reason} {site.message}"


def diff(results: Iterable[FileResult], *, coloured: bool = False) -> str:
    """Return a unified diff of the changed files, that ``patch -p1`` takes."""
    lines = [line for result in results for line in _diff(result)]
    if coloured:
        lines = [click.style(line, fg=_COLOURS.get(line[:1])) for line in lines]
    return "\n".join([*lines, ""]) if lines else ""


def _diff(result: FileResult) -> Iterable[str]:
    before = result.before.decode(errors="replace").splitlines()
    after = result.after.decode(errors="replace").splitlines()
    source = f"a/{result.path}" if result.before else "/dev/null"
    return difflib.unified_diff(before, after, source, f"b/{result.path}", lineterm="")
