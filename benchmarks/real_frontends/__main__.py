"""Migrates every app of a folder, and says what holds: `python -m benchmarks.real_frontends FOLDER`.

Each subfolder is an app: a front end (package.json) and a Flask server, whose source is read and never run. The apps
stay as they are: a scratch copy of each is rewritten by `fetch2socket client --write`, checked, rewritten again,
bundled, and taken back by `fetch2socket undo`. Exits with 1 where something that must hold does not.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.real_frontends.apps import find
from benchmarks.real_frontends.migrating import migrate
from benchmarks.real_frontends.verdict import HEADINGS, Verdict, failures, markdown, reasons, totals


def main() -> int:
    """Run it; return the exit code."""
    arguments = _arguments()
    console = Console(stderr=True)
    verdicts = []
    apps = [app for app in find(arguments.folder) if not arguments.only or app.name in arguments.only]
    if not apps:
        sys.stderr.write(f"{arguments.folder} holds no app with a front end and a Flask server\n")
        return 2
    with console.status("migrating") as status:
        for app in apps:
            status.update(f"migrating {app.name}")
            verdicts.append(migrate(app, _event_map(arguments.maps, app.name), with_build=not arguments.no_build))
    _print(verdicts, show_left=arguments.left)
    if arguments.json:
        rows = [{"app": one.app.name, "faults": one.faults, "build": one.build, "sites": one.sites} for one in verdicts]
        arguments.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    if arguments.markdown:
        text = f"{markdown(verdicts)}\n| left because | calls |\n|---|---|\n{reasons(verdicts)}"
        arguments.markdown.write_text(text, encoding="utf-8")
    problems = list(failures(verdicts))
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.real_frontends", description=(__doc__ or "").split(":")[0]
    )
    parser.add_argument("folder", type=Path, help="folder whose subfolders are apps")
    parser.add_argument("--only", action="append", metavar="APP", help="this app only; repeatable")
    parser.add_argument(
        "--maps", type=Path, metavar="DIR", help="event maps by app name, DIR/APP.json, where there is one"
    )
    parser.add_argument("--no-build", action="store_true", help="do not bundle")
    parser.add_argument("--left", action="store_true", help="list every call that is left")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all rows here")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables here")
    return parser.parse_args()


def _event_map(folder: Path | None, name: str) -> Path | None:
    path = folder / f"{name}.json" if folder is not None else None
    return path.resolve() if path is not None and path.exists() else None


def _print(verdicts: list[Verdict], *, show_left: bool) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading == "app" else "right", no_wrap=True)
    for one in [*verdicts, totals(verdicts)]:
        table.add_row(*one.cells())
    Console(width=180).print(table)
    for one in verdicts if show_left else ():
        for site in one.left:
            name = site["file"].rpartition("/")[2]
            sys.stdout.write(f"{one.app.name} {name}:{site['line']} {site['reason']} {site['message']}\n")


if __name__ == "__main__":
    sys.exit(main())
