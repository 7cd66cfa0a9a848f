"""What ``scan`` and ``client`` show: a bar while they run, then the report and the next steps."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import click

from codemods.wrong_use import wrong

if TYPE_CHECKING:
    from pathlib import Path

    from codemods.commands.options import Shared
    from codemods.front_end import Settings
    from codemods.run import Run, Tick


class Shown(Protocol):
    """What a command was told about its output."""

    @property
    def form(self) -> str:
        """One of reports.FORMATS."""

    @property
    def target(self) -> Path | None:
        """The file for the report, if not stdout."""

    @property
    def quiet(self) -> bool:
        """True where errors only are told."""


def run_shown(given: Shared, settings: Settings) -> Run:
    """Run the rewrite in memory, with a bar on stderr if that is a terminal."""
    from codemods.runner import run

    with progress(is_shown=sys.stderr.isatty() and not given.quiet) as tick:
        return run(given.paths, settings, tick)


@contextmanager
def progress(*, is_shown: bool) -> Iterator[Tick]:
    """Show a bar on stderr, fed by what is yielded."""
    if not is_shown:
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def show_report(outcome: Run, given: Shown) -> None:
    """Print the report, or write it to the file that was named."""
    from codemods import reports
    from codemods.reports.screen import PLAIN, stdout_screen

    if given.target is None:
        if not given.quiet:
            click.echo(reports.render(outcome, given.form, stdout_screen()), nl=False)
        return
    text = reports.render(outcome, given.form, PLAIN)
    try:
        given.target.write_text(text, encoding="utf-8")
    except OSError as error:
        wrong(f"--report {given.target}: {error.strerror}")


def show_diff(outcome: Run, given: Shown) -> None:
    """Print what would change, for people."""
    from codemods.reports import diff
    from codemods.reports.screen import stdout_screen

    if given.form == "text" and not given.quiet:
        click.echo(diff.render(outcome.changed, stdout_screen()), nl=False)


def show_steps(outcome: Run, given: Shown) -> None:
    """Print what is left to do by hand."""
    from codemods.reports.screen import stdout_screen
    from codemods.reports.text import steps

    if given.form == "text" and not given.quiet:
        click.echo(steps(outcome, stdout_screen()), nl=False)
