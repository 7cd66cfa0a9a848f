"""The sample's server with the bridge mounted, in this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from bridge import Bridge
from bridge.events import EventMap
from sample_app.frontends import Frontends
from sample_app.server.app import create_app
from sample_app.server.db import db
from sample_app.server.mounting import mount
from sample_app.server.seed import seed


@dataclass(frozen=True, slots=True)
class Served:
    """A running server."""

    url: str
    event_map: EventMap
    database: Path


def bridged_app(database: Path) -> tuple[Flask, Bridge]:
    """Return the sample's app, seeded anew, with an event beside each route."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{database}"})
    seed(app)
    return app, mount(app)


class _Silent(WSGIRequestHandler):
    def log(self, *_args: object) -> None:  # type: ignore[override]
        """Leave the terminal to the demo."""


@contextmanager
def serve_sample(
    database: Path, front_ends: Mapping[str, Path] | None = None, host: str = "127.0.0.1", port: int = 0
) -> Iterator[Served]:
    """Serve the seeded sample, and the built front ends at their prefixes, until the block ends."""
    app, bridge = bridged_app(database)
    wsgi = Frontends(app, front_ends) if front_ends else app
    server = make_server(host, port, wsgi, threaded=True, request_handler=_Silent)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Served(f"http://{host}:{server.server_port}", bridge.event_map, database)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.engine.dispose()
