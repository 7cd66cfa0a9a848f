"""The weekly timetable: everybody may read it, only a coach who is logged in may change it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, make_response, request, session
from flask_restful import Resource, abort
from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError

from sample_app.server.db import db
from sample_app.server.models import Coach, FieldError, Schedule, WorkoutPlan, assign
from sample_app.server.schemas import schedule_schema, schedules_schema

Answer = tuple[dict[str, Any], int]


def login_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer 401 to whoever is not logged in."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not session.get("coach_id"):
            return make_response({"error": "Log in to change the timetable."}, 401)
        return view(*args, **kwargs)

    return guarded


def check_parents(values: dict[str, Any]) -> None:
    """Answer 422 where the coach or the plan does not exist."""
    errors = {
        field: ["Choose one from the list."]
        for field, model in (("coach_id", Coach), ("workout_plan_id", WorkoutPlan))
        if field in values and db.session.get(model, values[field]) is None
    }
    if errors:
        abort(422, errors=errors)


def save(schedule: Schedule, partial: bool = False) -> None:
    """Write the form into the row, or answer with what is wrong with it."""
    try:
        values = schedule_schema.load(request.get_json(), partial=partial)
        check_parents(values)
        assign(schedule, values)
        db.session.add(schedule)
        db.session.commit()
    except ValidationError as error:
        abort(422, errors=error.messages)
    except FieldError as error:
        db.session.rollback()
        abort(422, errors=error.errors)
    except IntegrityError:
        db.session.rollback()
        abort(409, errors={"hour": ["This coach already teaches at that hour."]})


class Schedules(Resource):
    """The whole timetable."""

    def get(self) -> Response:
        schedules = Schedule.query.order_by(Schedule.id).all()
        return make_response(schedules_schema.dump(schedules), 200)

    @login_required
    def post(self) -> Answer:
        schedule = Schedule()
        save(schedule)
        return schedule_schema.dump(schedule), 201


class ScheduleById(Resource):
    """One class on the timetable."""

    def get(self, id: int) -> dict[str, Any]:
        return schedule_schema.dump(db.get_or_404(Schedule, id))

    @login_required
    def patch(self, id: int) -> Answer:
        schedule = db.get_or_404(Schedule, id)
        save(schedule, partial=True)
        return schedule_schema.dump(schedule), 200

    @login_required
    def delete(self, id: int) -> Response:
        schedule = db.get_or_404(Schedule, id)
        db.session.delete(schedule)
        db.session.commit()
        return make_response({"id": id}, 200)
