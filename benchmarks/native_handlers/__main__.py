"""Proves native handlers app by app: `python -m benchmarks.native_handlers apps.toml --apps FOLDER`.

Each app is filled, then copied and migrated by `fetch2socket server`. Its Resources, in the copy as it was, and its
native handlers are asked the same with equal databases: status, body, rows, session, cookies and SQL must be equal.
Exits with 1 at any difference, where a converted method is not proven, or where too few are converted.

    [[app]]
    name = "owner/shop"
    commit = "1234567"
    folder = "owner__shop/server"           # below FOLDER
    init = "app.py"                         # what `--init` gets
    fill = [["seed.py"]]                    # Python's arguments, in the folder
    users = [{name = "ann", login = [{call = "POST /login", body = {username = "ann", password = "secret"}}]}]
    bodies = {"POST /orders" = [{item = 3}]}            # good ones
    params = {"GET /orders/<int:id>" = [{id = 7}]}
    calls = [{call = "POST /orders", body = {item = 4}}]        # asked in this order, nothing put back between them

The other keys are those of `benchmarks.real_apps`. Apps of others are programs of others: read them first. This
refuses to run where there is a network: `unshare -n` takes it away (`ip link set lo up` brings loopback back).
"""

from __future__ import annotations

import argparse
import socket
import sys
import tempfile
import tomllib
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.native_handlers.page import page
from benchmarks.native_handlers.proving import prove
from benchmarks.native_handlers.subjects import Subject
from benchmarks.native_handlers.verdict import HEADINGS, Verdict, totals


def main() -> int:
    """Prove all apps of a file; return the exit code."""
    options = _options()
    networks = {name for _, name in socket.if_nameindex()} - {"lo", "lo0"}
    if networks and not options.with_network:
        sys.stderr.write(f"apps of others are run here, and {sorted(networks)[0]} leads out: use `unshare -n`\n")
        return 2
    described = tomllib.loads(options.file.read_text(encoding="utf-8"))
    base = (options.apps or options.file.parent).resolve()
    verdicts = []
    for row in described["app"]:
        if not options.only or any(part in row["name"] for part in options.only):
            row["env"] = described.get("env", {}) | row.get("env", {})
            with tempfile.TemporaryDirectory(prefix="native_") as folder:
                verdicts.append(prove(Subject.of(row, base), Path(folder)))
            sys.stderr.write(f"{verdicts[-1].app}: {sum(1 for _ in verdicts[-1].faults())} faults\n")
    show(verdicts, Console(width=200))
    if options.markdown:
        options.markdown.write_text(page(verdicts), encoding="utf-8")
    return int(any(True for one in verdicts for _ in one.faults()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.native_handlers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, help="the TOML file")
    parser.add_argument("--apps", type=Path, metavar="FOLDER", help="where the apps' folders are; default: beside it")
    parser.add_argument("--only", action="append", metavar="TEXT", help="apps with this in their name; repeatable")
    parser.add_argument("--with-network", action="store_true", help="run although there is one")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the page here")
    return parser.parse_args()


def show(verdicts: list[Verdict], console: Console) -> None:
    """Print the table, then what was ignored and what does not hold."""
    table = Table(*HEADINGS, box=None, pad_edge=False, header_style="bold")
    for one in [*verdicts, totals(verdicts)]:
        table.add_row(*one.cells())
    console.print(table)
    for one in verdicts:
        lines = [f"{one.app}: ignored {', '.join(sorted(one.noise)) or 'nothing'}", *one.faults()]
        for line in lines:
            console.print(line, markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
