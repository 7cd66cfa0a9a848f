"""The command line: ``fetch2socket``. Its commands are named here and loaded when they run."""

from __future__ import annotations

import atexit
import gc

import click

from codemods.lazy import LazyGroup

_COMMANDS = {
    "client": (
        "codemods.commands.client:client",
        "Rewrite the fetch calls below PATHS to emits; a dry run with a diff unless --write.",
    ),
    "demo": ("sample_app.demo:demo", "Run the sample app, before and after its migration."),
    "events": ("codemods.commands.events:events", "Show or write the event map of an app, or of its source."),
    "explain": (
        "codemods.commands.explain:explain",
        "Say what would become of the calls on a line and why; or what a reason code or a rule means.",
    ),
    "parity": ("bridge.parity.cli:parity", "Compare HTTP, bridged and native answers of an app, and what they leave."),
    "pyclient": (
        "codemods.commands.pyclient:pyclient",
        "Rewrite requests, httpx and test client calls below PATHS to events; a dry run with a diff unless --write.",
    ),
    "scan": (
        "codemods.commands.scan:scan",
        "List every fetch call below PATHS: what would become of it, and why not.",
    ),
    "server": (
        "codemods.commands.server:server",
        "Make native handlers of the Resource methods below PATHS; a dry run with a diff unless --write.",
    ),
    "undo": ("codemods.commands.undo:undo", "Take the last --write back, byte for byte."),
    "serve": ("bridge.cli:serve", "Run an unmodified app with the bridge mounted."),
}

atexit.register(gc.freeze)  # what is in memory at the end goes with the process: to look for garbage in it takes long


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]}, lazy=_COMMANDS)
@click.version_option(package_name="fetch2socket")
def main() -> None:
    """Move an app whose React front end calls a Flask back end by fetch to Socket.IO.

    \b
    A first look, in a project with server/app.py and client/src:
      fetch2socket events server -o events.json
      fetch2socket scan client --events events.json
      fetch2socket client client --events events.json
      fetch2socket client client --events events.json --write
    """
