"""``python -m benchmarks.codemods``: compares the codemod with jscodeshift and ast-grep on one tree, in turns."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console

from benchmarks import codemods_report, tree
from benchmarks.cost import run
from benchmarks.processes import BenchmarkError
from benchmarks.rivals import install, one_file, rivals, start_up
from benchmarks.turns import Turns, environment, take_turns

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--tree", "given", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A tree to take.")
@click.option("--events", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Its event map.")
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True, help="Turns of each command.")
@click.option("--seed", default=1, show_default=True, help="Seed of the order of turns.")
@click.option("--markdown", "page", type=_FILE, help="Write the whole page to this file.")
def main(given: Path | None, events: Path | None, rounds: int, seed: int, page: Path | None) -> None:
    """Measure CPU, time and memory of a run over some thousand files."""
    # An ordinary exit, so that temporary files go with it, as they do on Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        install()
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            taken = given or _made(folder / "tree")
            turns = _measured(taken.resolve(), events or _events(folder), folder, rounds, seed)
            described = codemods_report.describe(taken, is_own=given is not None)
    except BenchmarkError as error:
        raise click.ClickException(str(error)) from None
    codemods_report.show(turns, Console(width=None if sys.stdout.isatty() else 160))
    if page is not None:
        page.write_text(
            codemods_report.page(turns, described, rounds, seed, is_own=given is not None), encoding="utf-8"
        )


def _made(folder: Path) -> Path:
    tree.make(folder)
    return folder


def _events(folder: Path) -> Path:
    """Write the event map of the sample app, whose files the tree is made of."""
    from codemods.sources import load_events

    os.environ.setdefault("SQLALCHEMY_DATABASE_URI", f"sqlite:///{folder / 'sample.db'}")
    target = folder / "events.json"
    target.write_text(load_events("sample_app.server.wsgi:app", ".").event_map.to_json(), encoding="utf-8")
    return target


def _measured(taken: Path, events: Path, folder: Path, rounds: int, seed: int) -> Turns:
    contenders = rivals(taken, events, folder / "report.json")
    warm = next(one for one in contenders if one.name == "warm")
    env = environment(folder / "cache")
    return take_turns(
        [*contenders, *start_up(), one_file(taken, events)],
        folder,
        env,
        rounds,
        seed,
        lambda: run(warm.command, folder, environment=env),  # fills the cache
    )


if __name__ == "__main__":
    main()
