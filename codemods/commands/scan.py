"""``fetch2socket scan``: the inventory."""

from __future__ import annotations

from typing import Any

import click

from codemods.commands.configured import Configured
from codemods.commands.options import Shared, shared
from codemods.commands.output import run_shown, show_report


@click.command(cls=Configured)
@shared
def scan(**options: Any) -> None:
    """List every fetch call below PATHS: what would become of it, and why not. Writes nothing.

    \b
    Examples:
      fetch2socket scan client --events events.json
      fetch2socket scan client/src --events app:app --app-dir server --format json
    """
    given = Shared(**options)
    show_report(run_shown(given, given.settings()), given)
