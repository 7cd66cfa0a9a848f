"""Logging in and out with a session cookie."""

from __future__ import annotations

from typing import Any

from flask import request, session
from flask_restful import Resource
from marshmallow import ValidationError
from sqlalchemy import select

from sample_app.server.db import db
from sample_app.server.models import Coach
from sample_app.server.schemas import coach_schema, login_schema

Answer = tuple[dict[str, Any], int]


class Login(Resource):
    """Open a session."""

    def post(self) -> Answer:
        try:
            values = login_schema.load(request.get_json())
        except ValidationError as error:
            return {"errors": error.messages}, 422
        coach = db.session.scalar(select(Coach).filter_by(username=values["username"]))
        if coach is None or not coach.authenticate(values["password"]):
            return {"error": "Wrong username or password."}, 401
        session["coach_id"] = coach.id
        return coach_schema.dump(coach), 200


class Logout(Resource):
    """Close the session."""

    def delete(self) -> tuple[str, int]:
        session.pop("coach_id", None)
        return "", 204


class CheckSession(Resource):
    """Tell who is logged in."""

    def get(self) -> Answer:
        coach = db.session.get(Coach, session.get("coach_id") or 0)
        if coach is None:
            return {"error": "Nobody is logged in."}, 401
        return coach_schema.dump(coach), 200
