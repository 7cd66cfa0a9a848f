"""``fetch2socket pyclient``: the rewrite of Python clients."""

from __future__ import annotations

import sys
from typing import Any

import click

from codemods.commands.configured import Configured
from codemods.commands.finish import finish, mode_options, start
from codemods.commands.options import Given
from codemods.commands.output import progress
from codemods.commands.python_options import Asked, python_options
from codemods.commands.rules import PYCLIENT, chosen, rule_options
from codemods.commands.write import note_unfinished


@click.command(cls=Configured)
@python_options
@click.option("--host", "hosts", multiple=True, metavar="HOST", help="Another host that is the app's.")
@click.option("--define", "defines", multiple=True, metavar="NAME=VALUE", help="The value of a URL constant.")
@mode_options("call")
@rule_options(PYCLIENT)
def pyclient(
    mode: str,
    only: frozenset[str],
    skip: frozenset[str],
    allow_dirty: bool,
    interactive: bool,
    hosts: tuple[str, ...],
    defines: tuple[str, ...],
    **options: Any,
) -> None:
    """Rewrite requests, httpx and test client calls below PATHS to events; a dry run with a diff unless --write.

    \b
    Examples:
      fetch2socket pyclient scripts tests --events app:app
      fetch2socket pyclient scripts --events server --host api.example.com --write
      fetch2socket pyclient tests --events server --only test_client_call -i --write
      fetch2socket pyclient jobs/sync.py --events server --define BASE=http://localhost:5555
      fetch2socket pyclient . --events server --check --format json
    """
    from codemods.python.pyclient.engine import PyClients
    from codemods.python.pyclient.targets import Server
    from codemods.python.running import run

    given = Asked(**options)
    start(interactive=interactive)
    note_unfinished(given.paths[0])
    known = Given(given.source, given.app_dir, hosts, defines).about_server()
    server = Server(known.event_map, known.hosts, dict(known.defines), chosen(PYCLIENT, only, skip))
    clients = PyClients(given.paths, server)
    with progress(is_shown=sys.stderr.isatty() and not given.quiet) as tick:
        outcome = run(given.paths, clients, given.exclude, tick)
    finish(outcome, given, mode, allow_dirty=allow_dirty, engine=clients if interactive else None)
