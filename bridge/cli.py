"""The command that runs the user's app: ``fetch2socket serve``."""

from __future__ import annotations

import logging

import click

from bridge.errors import BridgeError


class _WrongUse(click.ClickException):
    exit_code = 2


def _fail(error: BridgeError) -> click.ClickException:
    return _WrongUse(str(error))


@click.command()
@click.argument("source", metavar="MODULE:APP")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5555, show_default=True, type=click.IntRange(0, 65535))
@click.option("--app-dir", default=".", show_default=True, help="The folder in which MODULE is looked up.")
@click.option("--origin", multiple=True, help="Accept sockets from this origin too, such as a dev server's.")
@click.option("--mode", type=click.Choice(["threading", "gevent"]), default="threading", show_default=True)
def serve(source: str, host: str, port: int, app_dir: str, origin: tuple[str, ...], mode: str) -> None:
    """Run an unmodified Flask app with the bridge mounted: HTTP as before, and an event for each route.

    \b
    Examples:
      fetch2socket serve app:app --app-dir server
      fetch2socket serve app:app --port 8000 --origin http://localhost:3000
    """
    from bridge.serving import check_port, load, run

    try:
        check_port(host, port)
        app, socketio, event_map = load(source, app_dir, mode, origin)
    except BridgeError as error:
        raise _fail(error) from error
    count = len(event_map)
    _log_events()
    click.echo(
        f"{source}: {count} event{'' if count == 1 else 's'} beside its routes on http://{host}:{port} (Ctrl-C stops)",
        err=True,
    )
    run(app, socketio, host, port)


def _log_events() -> None:
    """Show one line per event, beside the server's one line per request."""
    logger = logging.getLogger("bridge.access")
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
