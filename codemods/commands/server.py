"""``fetch2socket server``: Resource methods become native handlers."""

from __future__ import annotations

import sys
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
@python_options
@mode_options("method")
@rule_options(SERVER)
def server(
    mode: str,
    only: frozenset[str],
    skip: frozenset[str],
    allow_dirty: bool,
    interactive: bool,
    **options: Any,
) -> None:
    """Make native handlers of the Resource methods below PATHS; a dry run with a diff unless --write.

    \b
    Examples:
      fetch2socket server server
      fetch2socket server server/resources/coaches.py --write
      fetch2socket server server --events events.json -i --write
      fetch2socket server server --check --format json
    """
    given = Asked(**options)
    start(interactive=interactive)
    note_unfinished(given.paths[0])
    rewriter = _rewriter(given, chosen(SERVER, only, skip))
    outcome = _run(given, rewriter)
    if mode == "write" and outcome.changed and rewriter.needs_init:
        wrong(f"there is no bridge to import yet; {outcome.steps[0][0].lower()}{outcome.steps[0][1:]}")
    finish(outcome, given, mode, allow_dirty=allow_dirty, engine=rewriter if interactive else None)


def _rewriter(given: Asked, rules: frozenset[str]) -> ServerRewriter:
    from codemods.python.server.rewriter import ServerRewriter

    may_import = click.get_current_context().get_parameter_source("source") is not ParameterSource.DEFAULT_MAP

    def read() -> AppReading | None:
        from codemods.python.server.finding_app import read_app

        return read_app(given.paths, given.source, given.app_dir, may_import=may_import)

    return ServerRewriter(read, rules)


def _run(given: Asked, rewriter: ServerRewriter) -> Run:
    from bridge.errors import BridgeError
    from codemods.python.running import run

    try:
        with progress(is_shown=sys.stderr.isatty() and not given.quiet) as tick:
            return run(given.paths, rewriter, given.exclude, tick)
    except BridgeError as error:
        wrong(str(error))
