"""The command that runs the user's app: ``fetch2socket serve``."""

from __future__ import annotations

import errno
import logging
import os
import socket as sockets

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
    _check_port(host, port)
    if mode == "gevent":
        from gevent import monkey

        monkey.patch_all()
    from flask.cli import load_dotenv

    from bridge.discovery import load_app
    from bridge.mounting import mounted

    load_dotenv()  # as `flask run` does
    try:
        app = load_app(source, app_dir)
        socketio, bridge = mounted(app, mode, origin)
        count = len(bridge.map_of(app))
    except BridgeError as error:
        raise _fail(error) from error
    _log_events()
    logging.getLogger("werkzeug").addFilter(_is_news)
    click.echo(
        f"{source}: {count} event{'' if count == 1 else 's'} beside its routes on http://{host}:{port} (Ctrl-C stops)",
        err=True,
    )
    socketio.run(app, host=host, port=port, debug=False, use_reloader=False, allow_unsafe_werkzeug=True)


def _log_events() -> None:
    """Show one line per event, beside the server's one line per request."""
    logger = logging.getLogger("bridge.access")
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _is_news(record: logging.LogRecord) -> bool:
    """Return whether a line of Werkzeug's says more than where it listens, that it is for development, how it stops."""
    return not any(word in record.getMessage() for word in ("production", "CTRL+C"))


def _check_port(host: str, port: int) -> None:
    """Say in one line that a port is taken, before anything of the app has run."""
    with sockets.socket(sockets.AF_INET6 if ":" in host else sockets.AF_INET) as probe:
        probe.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = (
                "is in use; choose another with --port"
                if error.errno == errno.EADDRINUSE
                else os.strerror(error.errno or 0)
            )
            msg = f"port {port} on {host} {reason}"
            raise _fail(BridgeError(msg)) from error
