"""The one place where the bridge is mounted on the studio's app; everything else of the server knows nothing of it."""

from __future__ import annotations

from flask import Flask
from flask_socketio import SocketIO

from bridge import Bridge
from sample_app.server.db import db
from sample_app.server.models import Coach, ExerciseMove
from sample_app.server.schemas import coach_schema, exercise_move_schema


def mount(app: Flask) -> Bridge:
    """Put an event beside each route, and keep the clients' lists up to date: who may see one sees what all see."""
    bridge = Bridge(app, SocketIO(app, async_mode="threading"), db=db)
    bridge.live("/coaches", scope=everybody, model=Coach, schema=coach_schema)
    bridge.live("/exercise_moves", scope=everybody, model=ExerciseMove, schema=exercise_move_schema)
    bridge.live("/workout_plans", scope=everybody)
    bridge.live("/schedules", scope=everybody)
    return bridge


def everybody() -> str:
    """Return what all of those have in common who share a list."""
    return "everybody"
