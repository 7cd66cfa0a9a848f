"""``flask bridge``: the app's events, from within Flask's own command line."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from bridge.discovery import discover
from bridge.formats import FORMATS, write_events
from bridge.routes import configured_names

group = AppGroup("bridge", help="The app's Socket.IO events (fetch2socket).")


@group.command("events")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: table; json into a file.")
def events(output: Path | None, form: str | None) -> None:
    """Show or write the event map of this app."""
    bridge = current_app.extensions.get("bridge")
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    write_events(bridge.map_of(app) if bridge else discover(app, configured_names(app.config)), output, form)
