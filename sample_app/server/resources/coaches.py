"""Coaches, and the classes of one coach."""

from __future__ import annotations

from flask import Response, make_response, request
from flask_restful import Resource
from marshmallow import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from sample_app.server.db import db
from sample_app.server.models import Coach, FieldError, Schedule, assign
from sample_app.server.schemas import coach_schema, coaches_schema, schedules_schema

USERNAME_TAKEN = {"errors": {"username": ["This username is taken."]}}


class Coaches(Resource):
    """All coaches."""

    def get(self) -> Response:
        coaches = db.session.scalars(select(Coach).order_by(Coach.id)).all()
        return make_response(coaches_schema.dump(coaches), 200)

    def post(self) -> Response:
        try:
            values = coach_schema.load(request.get_json())
            coach = Coach(**values)
            db.session.add(coach)
            db.session.commit()
        except ValidationError as error:
            return make_response({"errors": error.messages}, 422)
        except FieldError as error:
            return make_response({"errors": error.errors}, 422)
        except IntegrityError:
            db.session.rollback()
            return make_response(USERNAME_TAKEN, 409)
        return make_response(coach_schema.dump(coach), 201)


class CoachById(Resource):
    """One coach."""

    def get(self, id: int) -> Response:
        coach = db.session.get(Coach, id)
        if coach is None:
            return make_response({"error": "Coach not found"}, 404)
        return make_response(coach_schema.dump(coach), 200)

    def patch(self, id: int) -> Response:
        coach = db.session.get(Coach, id)
        if coach is None:
            return make_response({"error": "Coach not found"}, 404)
        try:
            assign(coach, coach_schema.load(request.get_json(), partial=True))
            db.session.commit()
        except ValidationError as error:
            return make_response({"errors": error.messages}, 422)
        except FieldError as error:
            db.session.rollback()
            return make_response({"errors": error.errors}, 422)
        except IntegrityError:
            db.session.rollback()
            return make_response(USERNAME_TAKEN, 409)
        return make_response(coach_schema.dump(coach), 200)

    def delete(self, id: int) -> Response:
        coach = db.session.get(Coach, id)
        if coach is None:
            return make_response({"error": "Coach not found"}, 404)
        db.session.delete(coach)
        db.session.commit()
        return make_response("", 204)


class CoachSchedules(Resource):
    """The classes that one coach teaches."""

    def get(self, id: int) -> Response:
        if db.session.get(Coach, id) is None:
            return make_response({"error": "Coach not found"}, 404)
        classes = db.session.scalars(select(Schedule).filter_by(coach_id=id).order_by(Schedule.id)).all()
        return make_response(schedules_schema.dump(classes), 200)
