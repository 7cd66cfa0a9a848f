"""Compares every app of a TOML file: `python -m benchmarks.real_apps apps.toml`.

The apps stay where they are and are never edited. Each side runs in a fresh copy of an app's folder, its SQLite
files included: the app alone by `flask run` (twice, to learn what differs by itself), then behind
`fetch2socket serve`, by HTTP and by Socket.IO. The calls are worked out from the app's own routes and data.

    [[app]]
    name = "shop"
    folder = "shop/server"                  # beside this file; its database filled
    source = "app:app"                      # the default
    env = {SECRET_KEY = "x"}
    skip = ["POST /orders/<int:id>/mail"]   # routes never to be called
    login = [{call = "POST /login", body = {username = "ann", password = "secret"}}]
    bearer = "access_token"                 # the key of the login's answer that is sent as Authorization
    calls = [{call = "POST /orders", body = {item = 3}}, {call = "GET /orders", params = {page = 2}}]
    check = "GET /check_session"
    logout = "DELETE /logout"

Apps of others are programs of others: read them first, and run this without a network (`unshare -n`).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.real_apps.calls import Recorder, Routes, explore
from benchmarks.real_apps.compare import Difference, differences, rows
from benchmarks.real_apps.sides import App, HTTPSide, Server, SocketSide, event_map, shares_login

COLUMNS = {
    "GETs": ("get", "GET"),
    "one by id": ("get_one",),
    "login": ("login", "check", "logout"),
    "create": ("POST",),
    "update": ("PATCH", "PUT"),
    "delete": ("DELETE",),
    "tables": ("tables",),
}
SHARED = {"http_to_socket": "HTTP login, socket", "socket_to_http": "socket login, HTTP", "burst": "acks at once"}
SHOWN = 20


@dataclass
class Verdict:
    """What was compared of one app, and how it came out."""

    app: App
    events: int = 0
    compared: dict[str, Counter[str]] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    noise: frozenset[str] = frozenset()
    shared: dict[str, str] = field(default_factory=dict)
    failure: str = ""

    def count(self, kind: str, *, equal: bool, ok: bool) -> None:
        """Add one compared answer; ``ok`` says whether the app alone answered it well."""
        self.compared.setdefault(kind, Counter()).update(equal=equal, all=1, ok=ok)

    def cell(self, kinds: tuple[str, ...]) -> str:
        """Return "equal/compared (of them ok)"."""
        total: Counter[str] = sum((self.compared[kind] for kind in kinds if kind in self.compared), Counter())
        return f"{total['equal']}/{total['all']} ({total['ok']})" if total["all"] else "-"

    def lines(self) -> list[str]:
        """Return all that is to be said below the table."""
        found = [f"{self.app.name}: ignored {', '.join(sorted(self.noise)) or 'nothing'}"]
        found += [f"  {self.failure}"] if self.failure else []
        found += [f"  {difference}" for difference in self.differences[:SHOWN]]
        more = len(self.differences) - SHOWN
        return [*found, f"  and {more} more"] if more > 0 else found


def judge(app: App, folder: Path) -> Verdict:
    """Run all sides of one app, one after the other, and compare them."""
    verdict = Verdict(app)
    try:
        _judge(verdict, folder)
    except Exception as error:  # an app that does not start is a row of the table, not the end of it
        verdict.failure = f"{type(error).__name__}: {error}"
    return verdict


def _judge(verdict: Verdict, folder: Path) -> None:
    app = verdict.app
    routes = Routes(event_map(app), app.skip)
    verdict.events = len(routes.events)
    with Server(app, folder / "alone", bridged=False) as server:
        control = Recorder(HTTPSide(server.url, app.bearer))
        explore(app, routes, control)
        tables = rows(server.folder)
    with Server(app, folder / "again", bridged=False) as server:
        again = control.replay(HTTPSide(server.url, app.bearer))
        noise = [*differences("again", control.said, again.said), *differences("again", tables, rows(server.folder))]
        verdict.noise = frozenset(difference.place for difference in noise)
    with Server(app, folder / "http", bridged=True) as server:
        _compare(verdict, "http", control, HTTPSide(server.url, app.bearer), tables, server)
    with Server(app, folder / "socket", bridged=True) as server:
        side = SocketSide(server.url, app, routes)
        different = _compare(verdict, "socket", control, side, tables, server)
        side.close()
    for index, (call, answer) in enumerate(control.said):
        verdict.count(call.kind, equal=index not in different, ok=answer["ok"])
    with Server(app, folder / "login", bridged=True) as server:
        verdict.shared = shares_login(app, routes, server.url)


def _compare(verdict: Verdict, name: str, control: Recorder, side: object, tables: list, server: Server) -> set[int]:
    """Replay the calls on a side; return the indices of those that were answered differently."""
    found = differences(name, control.said, control.replay(side).said, verdict.noise)
    of_tables = differences(name, tables, rows(server.folder), verdict.noise)
    verdict.differences += [*found, *of_tables]
    names = {difference.subject for difference in of_tables}
    if name == "socket":
        for table, content in tables:
            verdict.count("tables", equal=table not in names, ok=bool(content))
    return {difference.index for difference in found}


def show(verdicts: list[Verdict], console: Console) -> None:
    """Print the table, then every difference and what was ignored."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("app", "events", *COLUMNS, *SHARED.values()):
        table.add_column(heading)
    for verdict in verdicts:
        cells = ["failed"] if verdict.failure else [verdict.cell(kinds) for kinds in COLUMNS.values()]
        shared = [verdict.shared.get(key, "-") for key in SHARED] if not verdict.failure else []
        table.add_row(verdict.app.name, str(verdict.events), *cells, *shared)
    console.print(table)
    for verdict in verdicts:
        for line in verdict.lines():
            console.print(line, markup=False, highlight=False, soft_wrap=True)


def main() -> int:
    """Compare all apps of a file; exit code 1 where one differs or fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("apps", type=Path, help="the TOML file")
    parser.add_argument("--only", nargs="*", help="names of apps")
    parser.add_argument("--transport", default="websocket", choices=["websocket", "polling"])
    parser.add_argument("--mode", default="threading", choices=["threading", "gevent"])
    options = parser.parse_args()
    described = tomllib.loads(options.apps.read_text(encoding="utf-8"))["app"]
    base = options.apps.resolve().parent
    verdicts = []
    for row in described:
        if not options.only or row["name"] in options.only:
            app = App.of({**row, "mode": options.mode, "transport": options.transport}, base)
            with tempfile.TemporaryDirectory(prefix="real_apps_") as folder:
                verdicts.append(judge(app, Path(folder)))
    show(verdicts, Console(width=180))
    return int(any(verdict.differences or verdict.failure for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())
