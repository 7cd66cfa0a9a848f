"""``python -m benchmarks.server_codemod``: compares ``fetch2socket server`` with other codemods, in turns."""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console

from benchmarks import server_report, server_tree
from benchmarks.processes import BenchmarkError
from benchmarks.server_report import Trees
from benchmarks.server_rivals import install, paths, rivals
from benchmarks.turns import environment, take_turns

_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--tree", "given", type=_FOLDER, help="The Python files of a real app, in place of the made trees.")
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True, help="Turns of each command.")
@click.option("--seed", default=1, show_default=True, help="Seed of the order of turns.")
@click.option("--markdown", "page", type=_FILE, help="Write the whole page to this file.")
def main(given: Path | None, rounds: int, seed: int, page: Path | None) -> None:
    """Measure CPU, time and memory of a run over a tree with Resources and one without."""
    # An ordinary exit, so that temporary files go with it, as they do on Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        install()
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name).resolve()
            trees = _given(given, folder) if given is not None else _made(folder)
            commands = [
                one for where, tree in trees.items() for one in rivals(tree, folder / "report.json", f", {where}")
            ]
            turns = take_turns(commands, folder, environment(folder / "cache", **paths()), rounds, seed)
            described = [server_report.describe(where, tree) for where, tree in trees.items()]
    except BenchmarkError as error:
        raise click.ClickException(str(error)) from None
    server_report.show(turns, list(trees), Console(width=None if sys.stdout.isatty() else 160))
    if page is not None:
        page.write_text(server_report.page(turns, list(trees), described, rounds, seed), encoding="utf-8")


def _made(folder: Path) -> Trees:
    trees = {server_report.WITH: folder / "with", server_report.WITHOUT: folder / "without"}
    for where, tree in trees.items():
        server_tree.make(tree, has_resources=where == server_report.WITH)
    return trees


def _given(given: Path, folder: Path) -> Trees:
    """Copy what people wrote in Python to a folder of its own: the visitor's tool writes where it looks."""
    for path in sorted(given.rglob("*.py")):
        target = folder / given.name / path.relative_to(given)
        if "node_modules" not in path.parts and path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return {given.name: folder / given.name}


if __name__ == "__main__":
    main()
