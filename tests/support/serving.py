"""Runs an app with Flask-SocketIO on a real server, in this process, on a free port of 127.0.0.1."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class _Silent(WSGIRequestHandler):
    def log(self, *_args: object) -> None:  # type: ignore[override]
        """Say nothing: the access log is not what a test looks at."""


def threaded_server(app: Flask, port: int = 0) -> BaseWSGIServer:
    """Return the server that ``socketio.run`` takes in threading mode, ready to serve."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Silent)
    server.daemon_threads = True
    return server


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve ``app`` in threading mode, as ``socketio.run`` does, and give its URL."""
    server = threaded_server(app)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
