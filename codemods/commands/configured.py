"""A command whose options have their defaults in the project's settings file."""

from __future__ import annotations

from typing import Any

import click

from codemods.settings import load, start_of

_OWN_PATHS = frozenset({"server"})
"""Commands whose paths have a setting of their own name; ``paths`` are the front end's."""


class Configured(click.Command):
    """Looks for settings around the first path of the command line before it reads the options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, with the settings as defaults."""
        given, _, _ = self.make_parser(ctx).parse_args(args=list(args))
        is_asking = any(one.is_eager and one.name in given for one in self.get_params(ctx))
        if ctx.resilient_parsing or is_asking:
            return super().parse_args(ctx, args)
        paths = _paths(given)
        ctx.default_map = load(start_of(paths))
        has_paths = any(one.name == "paths" for one in self.params)
        key = self.name if self.name in _OWN_PATHS else "paths"
        return super().parse_args(ctx, [*args, *(ctx.default_map.get(key, []) if has_paths and not paths else [])])


def _paths(given: dict[str, Any]) -> list[str]:
    """Return the paths of a command line, or the place that ``explain`` is asked about."""
    found = given.get("paths", given.get("what"))
    found = [found] if isinstance(found, str) else found
    return [one for one in found if isinstance(one, str)] if isinstance(found, (list, tuple)) else []
