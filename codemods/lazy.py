"""A click group whose commands are imported when they are run: ``--help`` loads no Flask and no parser.

Here too ends what may happen to any command: Ctrl-C (130) and a reader that went away (141) are no tracebacks.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

_INTERRUPTED, _BROKEN_PIPE = 130, 141
"""What a shell reports of a process that SIGINT or SIGPIPE ended."""


class LazyGroup(click.Group):
    """A group with commands by import string; ``lazy`` maps a name to (import string, help line)."""

    def __init__(self, *args: Any, lazy: dict[str, tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = lazy or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names, sorted."""
        return sorted({*super().list_commands(ctx), *self._lazy})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing it where it is lazy."""
        if cmd_name not in self._lazy:
            return super().get_command(ctx, cmd_name)
        module, _, name = self._lazy[cmd_name][0].partition(":")
        try:
            command = getattr(importlib.import_module(module), name)
        except ImportError as error:
            msg = f"{cmd_name} cannot be loaded: {error}"
            raise click.UsageError(msg) from error
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        rows = []
        for name in self.list_commands(ctx):
            known = self.commands.get(name)
            rows.append((name, known.get_short_help_str(100) if known is not None else self._lazy[name][1]))
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it printed is flushed here, where a closed pipe can still be met."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except KeyboardInterrupt as error:
            click.echo(str(error) or "Interrupted.", err=True)
            ctx.exit(_INTERRUPTED)
        except BrokenPipeError:
            # Python flushes once more when it ends; what is left goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(_BROKEN_PIPE)
