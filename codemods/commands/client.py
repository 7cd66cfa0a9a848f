"""``fetch2socket client``: the rewrite."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from codemods.commands.ask import ask
from codemods.commands.configured import Configured
from codemods.commands.finish import finish, mode_options, start
from codemods.commands.options import Shared, shared
from codemods.commands.output import run_shown, show_report, show_steps
from codemods.commands.rules import CLIENT, chosen, rule_options
from codemods.commands.write import note_unfinished
from codemods.wrong_use import wrong

if TYPE_CHECKING:
    from codemods.front_end import Settings
    from codemods.front_ends import FrontEnds
    from codemods.run import Run


@click.command(cls=Configured)
@shared
@mode_options("call")
@click.option(
    "--to",
    "copy",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write a migrated copy of the folder PATH to DIR instead; with --check, compare DIR with it.",
)
@rule_options(CLIENT)
def client(
    mode: str,
    copy: Path | None,
    only: frozenset[str],
    skip: frozenset[str],
    allow_dirty: bool,
    interactive: bool,
    **options: Any,
) -> None:
    """Rewrite the fetch calls below PATHS to emits; a dry run with a diff unless --write.

    \b
    Examples:
      fetch2socket client client --events events.json
      fetch2socket client client/src --events events.json --write
      fetch2socket client client --events events.json -i --write
      fetch2socket client client --events app:app --app-dir server --to client_socket
      fetch2socket client client --events events.json --check --format json
    """
    given = Shared(**options)
    start(interactive=interactive)
    if copy is not None:
        _check_copy(given.paths, copy, mode, allow_dirty=allow_dirty)
    note_unfinished(given.paths[0])
    settings = given.settings(_rules(given, only, skip), is_kept=mode != "write")
    outcome = run_shown(given, settings)
    if copy is not None:
        _copied(ask(outcome, _engine(given, settings)) if interactive else outcome, given, copy, mode)
        return
    engine = _engine(given, settings) if interactive else None
    finish(outcome, given, mode, allow_dirty=allow_dirty, engine=engine)


def _engine(given: Shared, settings: Settings) -> FrontEnds:
    from codemods.front_ends import FrontEnds

    return FrontEnds(given.paths, settings)


def _rules(given: Shared, only: frozenset[str], skip: frozenset[str]) -> frozenset[str]:
    if "live_effect" in only and not given.is_live:
        wrong("--only live_effect needs --live")
    return chosen(CLIENT, only, skip)


def _failed(error: OSError) -> NoReturn:
    wrong(f"{error.filename}: {error.strerror or error}")


def _check_copy(paths: tuple[Path, ...], copy: Path, mode: str, *, allow_dirty: bool) -> None:
    if len(paths) != 1 or not paths[0].is_dir():
        wrong("--to needs exactly one PATH, a folder")
    source, target = paths[0].resolve(), copy.resolve()
    if source == target or source in target.parents or target in source.parents:
        wrong("--to: the copy and its source must not lie in each other")
    if mode != "check" and not allow_dirty and target.is_dir() and any(target.iterdir()):
        wrong(f"--to: {copy} is not empty; empty it, or use --allow-dirty to write over it")


def _copied(outcome: Run, given: Shared, copy: Path, mode: str) -> None:
    from codemods import copying

    differing: list[str] = []
    try:
        files = copying.expected(given.paths[0], outcome)
        if mode == "check":
            differing = copying.differing(files, copy)
        else:
            copying.write_copy(files, given.paths[0], copy)
    except OSError as error:
        _failed(error)
    show_report(outcome, given)
    if differing:
        click.echo(f"{copy} differs from a fresh copy: {', '.join(differing[:5])}", err=True)
        sys.exit(1)
    show_steps(outcome, given)
