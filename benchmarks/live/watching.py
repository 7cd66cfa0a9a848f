"""What the bridge's watching costs a request: an app without it, with it, and with a live collection."""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.live.app import TEXT, Coach, CoachSchema, db

REQUESTS = 400
BLOCKS = 7


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU of one HTTP request that reads a row, in seconds: medians over alternating blocks.

    ``share`` is what the bridge adds where nothing is live, as the median of the ratios within a round of blocks.
    """

    without: float
    nothing_live: float
    something_live: float
    share: float


def measured(rounds: int) -> Cost:
    """Measure all three, block by block in turns, in this process."""
    with tempfile.TemporaryDirectory() as folder:
        clients = [_client(Path(folder), number) for number in range(3)]
        times: list[list[float]] = [[], [], []]
        for client in clients:
            _block(client)
        for _ in range(rounds * BLOCKS):
            for number, client in enumerate(clients):
                times[number].append(_block(client))
    ratios = [with_it / without - 1 for without, with_it in zip(times[0], times[1], strict=True)]
    return Cost(*map(statistics.median, times), share=statistics.median(ratios))


def _block(client: Any) -> float:
    started = time.process_time()
    for _ in range(REQUESTS):
        assert client.get("/coaches/1").status_code == 200
    return (time.process_time() - started) / REQUESTS


def _client(folder: Path, number: int) -> Any:
    from flask import Flask
    from flask_restful import Api, Resource
    from flask_socketio import SocketIO
    from flask_sqlalchemy import SQLAlchemy
    from werkzeug.test import Client

    from bridge import Bridge

    own = SQLAlchemy(metadata=db.metadata)

    class CoachById(Resource):
        def get(self, id: int) -> Any:
            return CoachSchema().dump(own.session.get(Coach, id))

    class Others(Resource):
        def get(self) -> Any:
            return []

    app = Flask(f"watching_{number}")
    app.config.update(SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / str(number)}.db")
    own.init_app(app)
    api = Api(app)
    api.add_resource(CoachById, "/coaches/<int:id>")
    api.add_resource(Others, "/others")
    with app.app_context():
        own.create_all()
        own.session.add(Coach(name="Maya", age=30, about=TEXT))
        own.session.commit()
    if number:
        bridge = Bridge(app, SocketIO(app, async_mode="threading"), db=own, api=api)
        if number == 2:
            bridge.live("/others")
        assert bridge.event_map
    return Client(app)
