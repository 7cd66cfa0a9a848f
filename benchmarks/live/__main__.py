"""``python -m benchmarks.live``: what a write costs with live collections, beside a broadcast of all rows."""

from __future__ import annotations

import random
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from benchmarks.contenders import install_clients
from benchmarks.live import page as pages
from benchmarks.live import watching
from benchmarks.live.turns import Case, Turn, running, turn
from benchmarks.processes import BenchmarkError

MAIN = [Case(kind, 10_000, 100) for kind in ("broadcast", "watched", "rows")]
SIZES = [Case(kind, rows, 10) for kind in ("watched", "rows") for rows in (100, 1_000, 10_000, 100_000)]
CROWDS = [Case("rows", 1_000, subscribers) for subscribers in (1, 10, 100, 1_000)]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--rounds",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="Turns of the main cases; the others have one.",
)
@click.option("--seed", default=1, show_default=True, help="Seed of the order of turns.")
@click.option("--mode", type=click.Choice(["threading", "gevent"]), default="threading", show_default=True)
@click.option("--quick", is_flag=True, help="The main comparison only.")
@click.option("--markdown", "target", type=click.Path(dir_okay=False, path_type=Path), help="Write the page here.")
def main(rounds: int, seed: int, mode: str, quick: bool, target: Path | None) -> None:
    """Measure bytes, server CPU and latency of single-row writes."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    cases = MAIN if quick else [*MAIN, *SIZES, *CROWDS]
    try:
        install_clients()
        turns = _measured(dict.fromkeys(cases), rounds, seed, mode)
        cost = watching.measured(rounds)
    except BenchmarkError as error:
        raise click.ClickException(str(error)) from None
    report = pages.Report(turns, cost, rounds, seed, mode)
    Console(width=None if sys.stdout.isatty() else 160).print(report.text(), highlight=False)
    if target is not None:
        report.write(target)


def _measured(cases: Iterable[Case], rounds: int, seed: int, mode: str) -> dict[Case, list[Turn]]:
    order = random.Random(seed)
    turns: dict[Case, list[Turn]] = {case: [] for case in cases}
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("starting", total=len(turns) + (rounds - 1) * len(MAIN))
        for number in range(1, rounds + 1):
            cases = list(turns) if number == 1 else [case for case in turns if case in MAIN]
            for case in order.sample(cases, len(cases)):
                progress.update(task, description=f"round {number}: {case.kind}, {case.rows:,} rows", advance=1)
                with running(case, mode) as (served, clients):
                    turn(case, served, clients)  # not counted: the first of all is slower
                    turns[case].append(turn(case, served, clients))
    return turns


Measure = Callable[[Turn], float]

if __name__ == "__main__":
    main()
