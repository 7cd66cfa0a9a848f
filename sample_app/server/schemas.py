"""What goes over the wire: marshmallow schemas, which also check what comes in."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, pre_load, validate

from sample_app.server.models import DAYS, DIFFICULTIES, FOCUSES

_NAME = validate.Length(min=2, max=60)
_PROSE = validate.Length(max=280)


def _number(low: int, high: int) -> fields.Int:
    """A number that a form must give; its messages have to fit below a small input."""
    between = validate.Range(low, high, error="Between {min} and {max}, please.")
    return fields.Int(required=True, validate=between, error_messages={"invalid": "Give a whole number."})


class _Schema(Schema):
    """Forms send their whole state back, ids and nested rows included: what is not asked for is dropped."""

    class Meta:
        unknown = EXCLUDE


class CoachSchema(_Schema):
    """A coach; the password only ever comes in."""

    id = fields.Int(dump_only=True)
    name = fields.Str(required=True, validate=_NAME)
    age = _number(18, 80)
    specialty = fields.Str(required=True, validate=_NAME)
    bio = fields.Str(validate=_PROSE)
    username = fields.Str(allow_none=True, validate=validate.Length(min=3, max=30))
    password = fields.Str(load_only=True, validate=validate.Length(min=8, max=200))

    @pre_load
    def _drop_blank_login(self, data: Any, **_kwargs: Any) -> Any:
        """An empty input of the form means "no change", not an empty username or password."""
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if key not in ("username", "password") or value}


class ExerciseMoveSchema(_Schema):
    """An exercise."""

    id = fields.Int(dump_only=True)
    name = fields.Str(required=True, validate=_NAME)
    focus = fields.Str(required=True, validate=validate.OneOf(FOCUSES))
    equipment = fields.Str(validate=validate.Length(max=40))
    cue = fields.Str(validate=_PROSE)


class WorkoutPlanSchema(_Schema):
    """A plan with its moves; moves are chosen by id and come back whole."""

    id = fields.Int(dump_only=True)
    name = fields.Str(required=True, validate=_NAME)
    difficulty = fields.Str(required=True, validate=validate.OneOf(DIFFICULTIES))
    minutes = _number(10, 120)
    description = fields.Str(validate=_PROSE)
    exercise_moves = fields.List(fields.Nested(ExerciseMoveSchema(exclude=("cue",))), dump_only=True)
    exercise_move_ids = fields.List(fields.Int(), load_only=True)


class ScheduleSchema(_Schema):
    """A class on the timetable, with enough of coach and plan to show it."""

    id = fields.Int(dump_only=True)
    day = fields.Str(required=True, validate=validate.OneOf(DAYS))
    hour = fields.Int(required=True)
    coach_id = fields.Int(required=True)
    workout_plan_id = fields.Int(required=True)
    coach = fields.Nested(CoachSchema(only=("id", "name")), dump_only=True)
    workout_plan = fields.Nested(WorkoutPlanSchema(only=("id", "name", "difficulty")), dump_only=True)


class LoginSchema(_Schema):
    """What the login form sends."""

    username = fields.Str(required=True)
    password = fields.Str(required=True)


coach_schema, coaches_schema = CoachSchema(), CoachSchema(many=True)
exercise_move_schema, exercise_moves_schema = ExerciseMoveSchema(), ExerciseMoveSchema(many=True)
workout_plan_schema, workout_plans_schema = WorkoutPlanSchema(), WorkoutPlanSchema(many=True)
schedule_schema, schedules_schema = ScheduleSchema(), ScheduleSchema(many=True)
login_schema = LoginSchema()
