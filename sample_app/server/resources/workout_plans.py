"""Workout plans, and the moves they are made of."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_restful import Resource, abort
from marshmallow import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from sample_app.server.db import db
from sample_app.server.models import ExerciseMove, FieldError, WorkoutPlan, assign
from sample_app.server.schemas import workout_plan_schema, workout_plans_schema

Answer = tuple[dict[str, Any], int]


def find_plan(id: int) -> WorkoutPlan:
    """Return the plan or answer 404."""
    plan = db.session.get(WorkoutPlan, id)
    if plan is None:
        abort(404, message=f"There is no workout plan {id}.")
    return plan


def load_plan(partial: bool = False) -> dict[str, Any]:
    """Read the form, with the chosen ids turned into moves; raise ValidationError where one is unknown."""
    values: dict[str, Any] = workout_plan_schema.load(request.get_json(), partial=partial)
    if "exercise_move_ids" in values:
        ids = set(values.pop("exercise_move_ids"))
        moves = db.session.scalars(select(ExerciseMove).where(ExerciseMove.id.in_(ids))).all()
        if len(moves) != len(ids):
            raise ValidationError({"exercise_move_ids": ["One of these moves no longer exists."]})
        values["exercise_moves"] = list(moves)
    return values


def save(plan: WorkoutPlan, partial: bool = False) -> None:
    """Write the form into the plan, or answer with what is wrong with it."""
    try:
        with db.session.no_autoflush:
            assign(plan, load_plan(partial))
        db.session.add(plan)
        db.session.commit()
    except ValidationError as error:
        abort(422, errors=error.messages)
    except FieldError as error:
        db.session.rollback()
        abort(422, errors=error.errors)
    except IntegrityError:
        db.session.rollback()
        abort(409, errors={"name": ["There is a plan of this name already."]})


class WorkoutPlans(Resource):
    """All workout plans."""

    def get(self) -> list[dict[str, Any]]:
        plans = WorkoutPlan.query.order_by(WorkoutPlan.id).all()
        return workout_plans_schema.dump(plans)

    def post(self) -> Answer:
        plan = WorkoutPlan()
        save(plan)
        return workout_plan_schema.dump(plan), 201


class WorkoutPlanById(Resource):
    """One workout plan."""

    def get(self, id: int) -> dict[str, Any]:
        return workout_plan_schema.dump(find_plan(id))

    def patch(self, id: int) -> dict[str, Any]:
        plan = find_plan(id)
        save(plan, partial=True)
        return workout_plan_schema.dump(plan)

    def delete(self, id: int) -> Answer:
        plan = find_plan(id)
        if plan.schedules:
            return {"error": f"{plan.name} is on the timetable. Take it off there first."}, 409
        db.session.delete(plan)
        db.session.commit()
        return {"id": id, "message": "Workout plan deleted"}, 200
