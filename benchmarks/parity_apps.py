"""Runs parity over public apps: `python -m benchmarks.parity_apps apps.toml --apps FOLDER --seeds 5 --budget 30`.

The file is that of `benchmarks.native_handlers`. Each app is filled, migrated by `fetch2socket server`, and compared
once for each seed, all by the commands that a user has. Exits with 1 at any mismatch. Apps of others are programs of
others: read them first, and take the network away (`unshare -n`, then `ip link set lo up`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.native_handlers.subjects import Migrated, Subject, filled, migrated
from benchmarks.real_apps.sides import fetch2socket

_HEADINGS = ("app", "routes", "native", "runs", "comparisons", "cells reached", "mismatches", "noise")


@dataclass
class Row:
    """What the runs over one app found."""

    app: str
    reports: list[dict[str, Any]] = field(default_factory=list)
    failure: str = ""

    @property
    def mismatches(self) -> dict[str, dict[str, Any]]:
        """Those of all runs, by id."""
        return {one["id"]: one for report in self.reports for one in report["mismatches"]}

    def cells(self) -> list[str]:
        """Return the row of the table."""
        if not self.reports:
            return [self.app, *[""] * (len(_HEADINGS) - 2), self.failure]
        last = self.reports[-1]
        native = sum("native" in route["surfaces"] for route in last["routes"])
        covered = min(report["coverage"] for report in self.reports)
        noise = sorted({f"{note['path']}" for report in self.reports for note in report["noise"]})
        return [
            self.app,
            str(len(last["routes"])),
            str(native),
            str(len(self.reports)),
            f"{sum(report['comparisons'] for report in self.reports):,}",
            f"{100 * covered:.0f} %",
            str(len(self.mismatches)),
            ", ".join(noise) or "-",
        ]


def main() -> int:
    """Compare all apps of a file; return the exit code."""
    options = _options()
    described = tomllib.loads(options.file.read_text(encoding="utf-8"))
    rows = []
    for row in described["app"]:
        if not options.only or any(part in row["name"] for part in options.only):
            row["env"] = described.get("env", {}) | row.get("env", {})
            rows.append(_compared(Subject.of(row, options.apps.resolve()), options))
            sys.stderr.write(f"{' | '.join(rows[-1].cells())}\n")
            for one in rows[-1].mismatches.values():
                sys.stderr.write(f"  {_line(one)}\n")
    if options.markdown:
        options.markdown.write_text(_page(rows, options), encoding="utf-8")
    return int(any(row.failure or row.mismatches for row in rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parity_apps", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--apps", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--only", action="append", metavar="TEXT")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--budget", type=float, default=30.0)
    parser.add_argument("--markdown", type=Path, metavar="FILE")
    return parser.parse_args()


def _compared(subject: Subject, options: argparse.Namespace) -> Row:
    row = Row(subject.name)
    with tempfile.TemporaryDirectory(prefix="parity_") as folder:
        (Path(folder) / "filled").mkdir()
        (Path(folder) / "migrated").mkdir()
        try:
            done = migrated(filled(subject, Path(folder) / "filled"), Path(folder) / "migrated")
            row.reports = [_report(done, seed, options.budget, Path(folder)) for seed in range(options.seeds)]
        except RuntimeError as error:
            row.failure = str(error)
    return row


def _report(done: Migrated, seed: int, budget: float, folder: Path) -> dict[str, Any]:
    app, report = done.subject.app, folder / "report.json"
    report.unlink(missing_ok=True)
    told = ["--seed", str(seed), "--budget", str(budget), "--report", f"json:{report}", "--quiet"]
    for user in done.subject.users[:2]:
        told += ["--login", f"{user.login[0]['call']} {json.dumps(user.login[0]['body'])}"]
    told += ["--bearer", app.bearer] if app.bearer else []
    command = fetch2socket("parity", app.source, *told)
    run = subprocess.run(command, cwd=app.folder, env=app.environ, capture_output=True, text=True, check=False)
    if not report.exists():
        raise RuntimeError(" ".join((run.stderr.strip() or run.stdout.strip()).splitlines()[-2:]))
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def _line(one: dict[str, Any]) -> str:
    values = " / ".join(json.dumps(one.get(side))[:120] for side in ("control", "candidate"))
    route = one["route"]
    steps = json.dumps(one["steps"])[:400]
    return (
        f"{route['method']} {route['rule']} ({one['surface']}) {one['path']} {values} in {len(one['steps'])}: {steps}"
    )


def _page(rows: list[Row], options: argparse.Namespace) -> str:
    table = ["| " + " | ".join(_HEADINGS) + " |", "|" + "---|" * len(_HEADINGS)]
    table += ["| " + " | ".join(row.cells()) + " |" for row in rows]
    told = [f"- {row.app}: {_line(one)}" for row in rows for one in row.mismatches.values()]
    head = (
        "# Parity over public apps\n\n"
        f"`python -m benchmarks.parity_apps`: {options.seeds} runs of {options.budget:.0f} s over each app with other "
        'seeds, after `fetch2socket server --init` and `fetch2socket server`, both surfaces. "Cells reached" is the '
        "least of the runs; noise differs between two runs over HTTP.\n"
    )
    return "\n".join([head, *table, "", *(["What differs:", "", *told] if told else ["Nothing differs."]), ""])


if __name__ == "__main__":
    sys.exit(main())
