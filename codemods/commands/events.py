"""``fetch2socket events``: the event map, shown or written."""

from __future__ import annotations

from pathlib import Path

import click

from bridge.formats import FORMATS, write_events
from codemods.commands.options import events_of
from codemods.wrong_use import wrong


@click.command()
@click.argument("source")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: table; json into a file.")
@click.option("--app-dir", default=".", show_default=True, help="The folder in which module:app is looked up.")
def events(source: str, output: Path | None, form: str | None, app_dir: str) -> None:
    """Show the event map of SOURCE: module:app (imported), a folder or file of Python source, or an event map file.

    Source is parsed, never imported: no package of the app need be installed. What cannot be read is told on
    stderr, one line each.

    \b
    Examples:
      fetch2socket events server
      fetch2socket events server/app.py -o events.json
      fetch2socket events app:app --app-dir server
      fetch2socket events server.app:create_app -o events.json
      fetch2socket events events.json --format typescript
    """
    event_map = events_of(source, app_dir)
    try:
        write_events(event_map, output, form)
    except OSError as error:
        wrong(f"{error.filename}: {error.strerror}")
