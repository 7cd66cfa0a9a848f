"""Serves the user's app with the bridge mounted: what the commands that run it share."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket as sockets
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from bridge.errors import BridgeError

if TYPE_CHECKING:
    from flask import Flask

    from bridge.events import EventMap


def check_port(host: str, port: int) -> None:
    """Raise BridgeError, one line, where a port is taken: before anything of the app has run."""
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
            raise BridgeError(msg) from error


def load(source: str, app_dir: str, mode: str, origins: Collection[str]) -> tuple[Flask, Any, EventMap]:
    """Import ``module:app`` and return it, its Flask-SocketIO object and its event map; a bridge is put beside it.

    In gevent mode the standard library is patched first, so call this before there are threads.
    """
    if mode == "gevent":
        from gevent import monkey

        monkey.patch_all()
    from flask.cli import load_dotenv

    from bridge.discovery import load_app
    from bridge.mounting import mounted

    load_dotenv()  # as `flask run` does
    app = load_app(source, app_dir)
    socketio, bridge = mounted(app, mode, origins)
    return app, socketio, bridge.map_of(app)


def run(app: Flask, socketio: Any, host: str, port: int) -> None:
    """Serve until Ctrl-C."""
    logging.getLogger("werkzeug").addFilter(_is_news)
    if socketio.async_mode == "gevent":
        from gevent import signal_handler

        # Else whichever greenlet is running is hit, and gevent prints its traceback.
        signal_handler(signal.SIGINT, lambda: socketio.wsgi_server.stop())
    socketio.run(app, host=host, port=port, debug=False, use_reloader=False, allow_unsafe_werkzeug=True)


def _is_news(record: logging.LogRecord) -> bool:
    """Return whether a line of Werkzeug's says more than where it listens, that it is for development, how it stops."""
    return not any(word in record.getMessage() for word in ("production", "CTRL+C"))
