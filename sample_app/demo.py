"""``fetch2socket demo``: the whole job on the sample app, shown step by step."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import ndiff
from itertools import groupby
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from sample_app.build import build, sources
from sample_app.cases import CASES
from sample_app.check import Compared, Observation, Verdict, check
from sample_app.serving import serve_sample

ROOT = Path(__file__).parent
WORK = ROOT.parent / ".demo"
LEGACY, COMMITTED = ROOT / "client", ROOT / "client_socket"
SOURCES = (".js", ".jsx", ".ts", ".json")


@click.command()
@click.option("--port", default=5555, show_default=True, type=click.IntRange(1, 65535))
@click.option("--exit", "stop", is_flag=True, envvar="DEMO_EXIT", help="Stop after the checks (status 0 or 1).")
def demo(port: int, stop: bool) -> None:
    """Migrate the sample app, prove that nothing changed, and serve it, old and new, side by side.

    \b
    Examples:
      fetch2socket demo
      fetch2socket demo --port 8000
      DEMO_EXIT=1 fetch2socket demo
    """
    console = Console(highlight=False)
    _need_node()
    _need_port(port)
    _show_legacy(console)
    migrated = _migrate(console)
    with _step(console, "Building both front ends"):
        mounts = {"/legacy": build(LEGACY, base="/legacy/"), "/": _built(migrated)}
    verdict = _compare(console)
    same = _same_as_committed(console, migrated)
    if stop or not (verdict.ok and same):
        sys.exit(0 if verdict.ok and same else 1)
    _serve(console, mounts, port)


def _need_node() -> None:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        msg = "the demo builds two front ends: it needs Node 20 or newer and npm on the PATH"
        raise click.ClickException(msg)
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.removeprefix("v").split(".")[0]) < 20:
        msg = f"the demo needs Node 20 or newer; this is {version}"
        raise click.ClickException(msg)


def _need_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            msg = f"port {port} is in use; choose another one: make demo PORT=8000, or fetch2socket demo --port 8000"
            raise click.ClickException(msg) from error


@contextmanager
def _step(console: Console, title: str) -> Iterator[None]:
    with console.status(f"{title} ..."):
        yield
    console.print(f"[green]✓[/] {title}")


def _heading(console: Console, number: int, title: str) -> None:
    console.print()
    console.rule(f"[bold]{number}. {title}", align="left", style="dim")


def _show_legacy(console: Console) -> None:
    _heading(console, 1, "The legacy app")
    files = [path for path in (LEGACY / "src").rglob("*") if path.suffix in (".js", ".jsx")]
    resources = list((ROOT / "server" / "resources").glob("*.py"))
    methods = sum(len(re.findall(r"^    def (?:get|post|patch|put|delete)\(", p.read_text(), re.M)) for p in resources)
    console.print(
        f"[bold]sample_app/client[/]   React, {len(files)} files that call [cyan]fetch[/] wherever they need data"
    )
    console.print(
        f"[bold]sample_app/server[/]   Flask-RESTful, {methods} Resource methods, SQLAlchemy, a session login"
    )
    example = (LEGACY / "src" / "coaches" / "CoachForm.jsx").read_text()
    match = re.search(r"^( *)fetch\(.*?^\1\}\);\n", example, re.M | re.S)
    if match:
        console.print("\n[dim]sample_app/client/src/coaches/CoachForm.jsx[/]")
        console.print(match[0].rstrip(), markup=False)


def _migrate(console: Console) -> Path:
    """Run the client codemod as a user would, over a copy; its report goes to the terminal."""
    _heading(console, 2, "The client codemod")
    target = WORK / "client_socket"
    keep = target / "node_modules"
    if keep.is_dir():
        keep = keep.rename(WORK / "node_modules")
    shutil.rmtree(target, ignore_errors=True)
    WORK.mkdir(exist_ok=True)
    command = ["client", str(LEGACY), "--events", "sample_app.server.bridged:app", "--live", "--to", str(target)]
    console.print(f"[dim]$ fetch2socket {' '.join(command).replace(str(ROOT.parent) + os.sep, '')}[/]\n")
    database = {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{WORK / 'events.db'}"}
    done = subprocess.run(
        [Path(sys.executable).with_name("fetch2socket"), *command],
        cwd=ROOT.parent,
        env={**os.environ, **database},
        check=False,
    )
    if done.returncode:
        sys.exit(done.returncode)
    if (WORK / "node_modules").is_dir():
        (WORK / "node_modules").rename(target / "node_modules")
    _show_summary(console, target)
    return target


def _show_summary(console: Console, target: Path) -> None:
    """Print which files changed and by how many lines."""
    table = Table(box=None, pad_edge=False, show_header=False)
    legacy = sources(LEGACY)
    for name, content in sorted(sources(target).items()):
        if not name.endswith(SOURCES):
            continue
        old = legacy.get(name, b"").decode().splitlines()
        changes = [line[0] for line in ndiff(old, content.decode().splitlines()) if line[0] in "+-"]
        if changes:
            added, removed = changes.count("+"), changes.count("-")
            table.add_row(name, f"[green]+{added}[/]", f"[red]-{removed}[/]" if removed else "")
    console.print()
    console.print(table)


def _built(migrated: Path) -> Path:
    """Install the packages that the committed output locks, then build."""
    lock = COMMITTED / "package-lock.json"
    if lock.is_file():
        shutil.copy(lock, migrated / lock.name)
    return build(migrated, base="/")


def _compare(console: Console) -> Verdict:
    _heading(console, 3, "HTTP and socket answers, on equal databases")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("comparing", total=len(CASES))
        verdict = check(CASES, lambda done: progress.update(task, completed=done))
    console.print(_table(verdict))
    for compared in verdict.compared:
        if not compared.equal:
            _show_mismatch(console, compared)
    for event in verdict.unasked:
        console.print(f"[red]not asked[/]  {event}")
    for table in verdict.differing_tables:
        console.print(f"[red]MISMATCH[/]  the rows of {table} differ afterwards")
    count, routes = len(verdict.compared), len({c.event.event for c in verdict.compared})
    word = "[green]all equal[/]" if verdict.ok else "[red]not equal[/]"
    console.print(f"{count} answers of {routes} routes, and the rows of all tables: {word}")
    return verdict


def _table(verdict: Verdict) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("route", "event", "status", ""):
        table.add_column(heading, no_wrap=True)
    by_route = sorted(verdict.compared, key=lambda c: (c.event.rule, c.event.method))
    for (rule, method), group in groupby(by_route, key=lambda c: (c.event.rule, c.event.method)):
        cases = list(group)
        control, candidate = (
            _statuses(observed) for observed in zip(*((c.control, c.candidate) for c in cases), strict=True)
        )
        equal = all(c.equal for c in cases)
        status = control if control == candidate else f"{control} / {candidate}"
        mark = "[green]equal[/]" if equal else "[red]MISMATCH[/]"
        table.add_row(f"{method:6} {rule}", f"[cyan]{cases[0].event.event}[/]", status, mark)
    return table


def _statuses(observations: Iterable[Observation]) -> str:
    """Return the statuses that were seen, in the order in which they were first seen."""
    return " ".join(str(status) for status in dict.fromkeys(observed.status for observed in observations))


def _show_mismatch(console: Console, compared: Compared) -> None:
    event = compared.event
    console.print(f"[red]MISMATCH[/]  {event.method} {event.rule}  =  {event.event}  {compared.case}", markup=True)
    console.print(f"  control    {compared.control.status}  {compared.control.data}", markup=False)
    console.print(f"  candidate  {compared.candidate.status}  {compared.candidate.data}", markup=False)


def _same_as_committed(console: Console, migrated: Path) -> bool:
    """Say whether sample_app/client_socket is what the codemod writes today."""
    committed, written = sources(COMMITTED), sources(migrated)
    if committed == written:
        console.print("[green]✓[/] sample_app/client_socket is what the codemod writes")
        return True
    different = [name for name in committed.keys() | written.keys() if committed.get(name) != written.get(name)]
    console.print("[red]✗[/] sample_app/client_socket is not what the codemod writes today:", *sorted(different))
    return False


def _serve(console: Console, mounts: dict[str, Path], port: int) -> None:
    _heading(console, 4, "Side by side, over the same models")
    with serve_sample(WORK / "fitness.db", mounts, port=port) as served:
        console.print(f"[bold]{served.url}/legacy/[/]   as it was: fetch, HTTP")
        console.print(f"[bold]{served.url}/[/]          migrated: one socket")
        console.print("Log in as maya, password chalk-and-iron. Ctrl-C stops.", style="dim")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            console.print("\nStopped.")
