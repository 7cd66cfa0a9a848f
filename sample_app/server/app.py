"""The app factory, with every route of the studio in one place."""

from __future__ import annotations

import os
from typing import Any

from flask import Flask, Response, jsonify
from flask_restful import Api
from sqlalchemy import func, select

from sample_app.server.db import db, init_db
from sample_app.server.models import Coach, ExerciseMove, Schedule, WorkoutPlan
from sample_app.server.resources.coaches import CoachById, Coaches, CoachSchedules
from sample_app.server.resources.exercise_moves import ExerciseMoveById, ExerciseMoves
from sample_app.server.resources.login import CheckSession, Login, Logout
from sample_app.server.resources.schedules import ScheduleById, Schedules
from sample_app.server.resources.workout_plans import WorkoutPlanById, WorkoutPlans


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """Build the app and the tables that are missing; ``config`` overrides the defaults.

    Without ``SQLALCHEMY_DATABASE_URI`` (a key or an environment variable) the data live in
    ``instance/fitness.db``.
    """
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=os.environ.get("SECRET_KEY", "only-for-development"),
        SQLALCHEMY_DATABASE_URI=os.environ.get("SQLALCHEMY_DATABASE_URI", "sqlite:///fitness.db"),
        SESSION_COOKIE_SAMESITE="Lax",
        ERROR_404_HELP=False,
    )
    app.config.update(config or {})
    init_db(app)

    api = Api(app)
    api.add_resource(Coaches, "/coaches")
    api.add_resource(CoachById, "/coaches/<int:id>")
    api.add_resource(CoachSchedules, "/coaches/<int:id>/schedules")
    api.add_resource(WorkoutPlans, "/workout_plans")
    api.add_resource(WorkoutPlanById, "/workout_plans/<int:id>")
    api.add_resource(ExerciseMoves, "/exercise_moves")
    api.add_resource(ExerciseMoveById, "/exercise_moves/<int:id>")
    api.add_resource(Schedules, "/schedules")
    api.add_resource(ScheduleById, "/schedules/<int:id>")
    api.add_resource(Login, "/login")
    api.add_resource(Logout, "/logout")
    api.add_resource(CheckSession, "/check_session")

    @app.route("/stats")
    def stats() -> Response:
        response = jsonify(count_everything())
        # The screen in the lobby reads these numbers from an address of its own.
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return app


def count_everything() -> dict[str, int]:
    """Return the numbers on top of the dashboard."""
    models = {
        "coaches": Coach,
        "workout_plans": WorkoutPlan,
        "exercise_moves": ExerciseMove,
        "schedules": Schedule,
    }
    return {name: db.session.scalar(select(func.count()).select_from(model)) or 0 for name, model in models.items()}
