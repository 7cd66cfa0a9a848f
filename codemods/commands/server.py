"""``fetch2socket server``: Resource methods become native handlers."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from codemods.commands.configured import Configured
from codemods.commands.finish import finish, mode_options, start
from codemods.commands.output import progress
from codemods.commands.python_options import Asked, python_options
from codemods.commands.rules import SERVER, chosen, rule_options
from codemods.commands.write import note_unfinished
from codemods.wrong_use import wrong

if TYPE_CHECKING:
    from codemods.python.server.project_routes import AppReading
    from codemods.python.server.rewriter import ServerRewriter
    from codemods.run import Run


@click.command(cls=Configured)
@partial(python_options, needs_paths=False)
@mode_options("method")
@click.option(
    "--init",
    "setup",
    is_flag=False,
    flag_value=".",
    type=click.Path(exists=True, path_type=Path),
    metavar="[FILE]",
    help="Put the bridge's set-up into the app, which FILE makes, or a file of PATHS.",
)
@click.option("--remove", "removes", is_flag=True, help="Take the Resource methods away that have a native handler.")
@rule_options(SERVER)
def server(
    mode: str,
    setup: Path | None,
    removes: bool,
    only: frozenset[str],
    skip: frozenset[str],
    allow_dirty: bool,
    interactive: bool,
    **options: Any,
) -> None:
    """Make native handlers of the Resource methods below PATHS; a dry run with a diff unless --write.

    \b
    Examples:
      fetch2socket server --init server/app.py --write
      fetch2socket server server
      fetch2socket server server/resources/coaches.py --write
      fetch2socket server server --events events.json -i --write
      fetch2socket server server --check --format json
      fetch2socket server server --remove --write
    """
    given = Asked(**options)
    if setup is not None or removes:
        outcome = _whole(given, setup, removes=removes, interactive=interactive)
        finish(outcome, given, mode, allow_dirty=allow_dirty)
        return
    if not given.paths:
        wrong("name the files or folders to rewrite: fetch2socket server PATHS")
    start(interactive=interactive)
    note_unfinished(given.paths[0])
    rewriter = _rewriter(given, chosen(SERVER, only, skip))
    outcome = _run(given, rewriter)
    if mode == "write" and outcome.changed and rewriter.needs_init:
        wrong(f"there is no bridge to import yet; {outcome.steps[0][0].lower()}{outcome.steps[0][1:]}")
    finish(outcome, given, mode, allow_dirty=allow_dirty, engine=rewriter if interactive else None)


def _whole(given: Asked, setup: Path | None, *, removes: bool, interactive: bool) -> Run:
    """Return the run of --init or --remove, whose changes hang together: nobody is asked about parts of them."""
    from bridge.errors import BridgeError
    from codemods.python.server.init import init
    from codemods.python.server.remove import remove

    if setup is not None and removes:
        wrong("--init and --remove are two steps: first --init, then the handlers, at last --remove")
    if interactive:
        wrong(f"{'--remove' if removes else '--init'} asks no questions: leave out --interactive")
    if removes and not given.paths:
        wrong("name the files or folders: fetch2socket server PATHS --remove")
    note_unfinished((given.paths or (Path.cwd(),))[0])
    try:
        return remove(given.paths) if removes else init(given.paths, setup if setup != Path() else None)
    except BridgeError as error:
        wrong(str(error))


def _rewriter(given: Asked, rules: frozenset[str]) -> ServerRewriter:
    from codemods.python.server.rewriter import ServerRewriter

    may_import = click.get_current_context().get_parameter_source("source") is not ParameterSource.DEFAULT_MAP

    def read() -> AppReading | None:
        from codemods.python.server.finding_app import read_app

        return read_app(given.paths, given.source, given.app_dir, may_import=may_import)

    return ServerRewriter(read, rules)


def _run(given: Asked, rewriter: ServerRewriter) -> Run:
    from bridge.errors import BridgeError
    from codemods.python.collecting import collector_paused
    from codemods.python.running import run

    try:
        with collector_paused(), progress(is_shown=sys.stderr.isatty() and not given.quiet) as tick:
            return run(given.paths, rewriter, given.exclude, tick)
    except BridgeError as error:
        wrong(str(error))
