"""``python -m benchmarks.dispatch``: compares the bridge with fetch, with hand-written handlers and with the limit."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from benchmarks import report
from benchmarks.contenders import CONTENDERS, Contender, install_clients
from benchmarks.measure import Plan, Results, measure, turns_in
from benchmarks.processes import BenchmarkError
from benchmarks.versions import machine, versions

MODES = ("threading", "gevent")
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="Few and short turns: a look, not a result.")
@click.option("--mode", type=click.Choice(MODES), help="Measure this mode only.")
@click.option("--rounds", type=click.IntRange(min=1), help="Rounds per mode.  [default: 7; 2 with --quick]")
@click.option("--seed", default=1, show_default=True, help="Seed of the order of turns.")
@click.option(
    "--only", multiple=True, type=click.Choice([one.name for one in CONTENDERS]), help="Leave out all others."
)
@click.option("--without-bridge", is_flag=True, help="Leave the bridge out.")
@click.option("--json", "json_file", type=_FILE, help="Write every turn to this file.")
@click.option("--markdown", "markdown_file", type=_FILE, help="Write the whole page to this file.")
def main(
    quick: bool,
    mode: str | None,
    rounds: int | None,
    seed: int,
    only: tuple[str, ...],
    without_bridge: bool,
    json_file: Path | None,
    markdown_file: Path | None,
) -> None:
    """Measure answers per second of fetch, hand-written handlers, the bridge and a bare WebSocket, in turns."""
    # An ordinary exit, so that children and temporary files go with it, as they do on Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    plan = Plan(rounds or (2 if quick else 7), 0.2 if quick else 0.7, seed)
    try:
        contenders = _contenders(without_bridge, only)
        install_clients()
        all_results = _measure_all([mode] if mode else MODES, contenders, plan)
    except BenchmarkError as error:
        raise click.ClickException(str(error)) from None
    _write(all_results, plan, json_file, markdown_file)


def _contenders(without_bridge: bool, only: Sequence[str]) -> list[Contender]:
    """Return who takes part; the bridge has to, unless told otherwise."""
    chosen = [one for one in CONTENDERS if not only or one.name in only]
    missing = _missing_bridge()
    if without_bridge:
        click.echo(f"bridge: {missing or 'left out'}")
        chosen = [one for one in chosen if one.server != "bridge"]
    elif missing and any(one.server == "bridge" for one in chosen):
        msg = f"bridge: {missing}; measure the others with --without-bridge"
        raise BenchmarkError(msg)
    if not chosen:
        msg = "nothing is left to measure; name more contenders with --only"
        raise BenchmarkError(msg)
    return chosen


def _missing_bridge() -> str:
    try:
        import_module("bridge").Bridge  # noqa: B018
    except (ImportError, AttributeError):
        return "not importable"
    return ""


def _measure_all(modes: Sequence[str], contenders: Sequence[Contender], plan: Plan) -> list[Results]:
    with _progress(len(modes) * turns_in(contenders, plan)) as advance:
        return [measure(mode, contenders, plan, advance) for mode in modes]


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """Show a bar on stderr if it is a terminal, and nothing if it is not."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("starting", total=total)
        yield lambda text: progress.update(task, description=text, advance=1)


def _write(all_results: Sequence[Results], plan: Plan, json_file: Path | None, markdown_file: Path | None) -> None:
    found, kind = versions(), machine()
    facts = report.facts(found, kind, plan)
    # A pipe has no width; the tables need one.
    report.show(all_results, facts, Console(width=None if sys.stdout.isatty() else 230))
    if json_file:
        document = report.document(all_results, found, kind, plan)
        json_file.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    if markdown_file:
        markdown_file.write_text(report.markdown(all_results, facts), encoding="utf-8")


if __name__ == "__main__":
    main()
