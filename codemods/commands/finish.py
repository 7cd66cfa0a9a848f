"""What every rewriting command does with what its run found: asks, writes or shows, reports, chooses the exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from codemods.commands.ask import ask, need_terminal
from codemods.commands.output import Shown, show_diff, show_report, show_steps
from codemods.commands.write import not_written, refuse_dirty, write

if TYPE_CHECKING:
    from codemods.interactive import Engine
    from codemods.run import Run

_Command = TypeVar("_Command", bound=Callable[..., Any])


def mode_options(noun: str) -> Callable[[_Command], _Command]:
    """Add the options that say what becomes of a rewrite: ``mode``, ``interactive`` and ``allow_dirty``."""

    def add(command: _Command) -> _Command:
        for option in (
            click.option(
                "--allow-dirty",
                is_flag=True,
                help="Write into a git tree with uncommitted changes, or a folder in use.",
            ),
            click.option(
                "--interactive",
                "-i",
                is_flag=True,
                help=f"Ask about each {noun}: y, n, a, q, e, or ? for what they mean.",
            ),
            click.option("--check", "mode", flag_value="check", help="Exit with 1 if something would change."),
            click.option("--write", "mode", flag_value="write", help="Rewrite the files."),
            click.option(
                "--diff", "mode", flag_value="diff", default=True, help="Show what would change (the default)."
            ),
        ):
            command = option(command)
        return command

    return add


def start(*, interactive: bool) -> None:
    """End the command before its run where nobody could answer."""
    if interactive:
        need_terminal()


def finish(outcome: Run, given: Shown, mode: str, *, allow_dirty: bool, engine: Engine | None = None) -> None:
    """Ask by an engine, if there is one, then write or show; exits with 1 where ``--check`` or a write says so."""
    if mode == "write" and not allow_dirty:
        refuse_dirty(outcome)
    if engine is not None:
        outcome = ask(outcome, engine)
    if mode == "write":
        outcome = write(outcome)
    else:
        show_diff(outcome, given)
    show_report(outcome, given)
    show_steps(outcome, given)
    if (mode == "check" and outcome.changed) or not_written(outcome):
        sys.exit(1)
