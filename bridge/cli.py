"""The command that runs the user's app: ``fetch2socket serve``."""

from __future__ import annotations

import errno
import logging
import os
import socket as sockets
from typing import TYPE_CHECKING

import click

from bridge.errors import BridgeError

if TYPE_CHECKING:
    from flask import Flask


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

    load_dotenv()  # as `flask run` does
    try:
        app = load_app(source, app_dir)
        socketio, count = _bridged(app, list(origin), mode)
    except BridgeError as error:
        raise _fail(error) from error
    _log_events()
    click.echo(f"{source}: {count} events beside its routes on http://{host}:{port} (Ctrl-C stops)", err=True)
    socketio.run(app, host=host, port=port, debug=False, use_reloader=False, allow_unsafe_werkzeug=True)  # type: ignore[attr-defined]


def _bridged(app: Flask, origins: list[str], mode: str) -> tuple[object, int]:
    """Return the app's Flask-SocketIO object and its number of events, mounting what is missing."""
    from flask_socketio import SocketIO

    from bridge.extension import Bridge

    socketio = app.extensions.get("socketio")
    if socketio is None:
        # None is "same origin"; a list replaces it, so the app's own origin is added by a callable.
        allowed = None if not origins else lambda origin, environ: origin in origins or _is_own(origin, environ)
        socketio = SocketIO(app, async_mode=mode, cors_allowed_origins=allowed)
    bridge = app.extensions.get("bridge") or Bridge(app, socketio)
    return socketio, len(bridge.map_of(app))


def _log_events() -> None:
    """Show one line per event, beside the server's one line per request."""
    logger = logging.getLogger("bridge.access")
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _is_own(origin: str, environ: dict[str, str]) -> bool:
    return origin == f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}"


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
