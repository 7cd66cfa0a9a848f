"""The app that is measured: coaches in SQLite, behind Flask-SQLAlchemy, marshmallow and Flask-RESTful.

``find_coach`` and ``find_coaches`` are called by Resources and by hand-written event handlers alike,
so that all contenders do the same work and differ in the way to it only.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Flask, request
from flask_restful import Api, Resource
from flask_sqlalchemy import SQLAlchemy
from marshmallow import Schema, fields
from sqlalchemy.orm import Mapped, mapped_column

ROWS = 1_000

db = SQLAlchemy()


class Coach(db.Model):  # type: ignore[name-defined,misc]
    """A row of usual width: a key, four texts, two numbers and a date."""

    __tablename__ = "coaches"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    specialty: Mapped[str]
    bio: Mapped[str]
    age: Mapped[int]
    rate: Mapped[float]
    hired_on: Mapped[date]


class CoachSchema(Schema):
    """All fields of a coach."""

    id = fields.Integer()
    name = fields.String()
    email = fields.Email()
    specialty = fields.String()
    bio = fields.String()
    age = fields.Integer()
    rate = fields.Float()
    hired_on = fields.Date()


_one = CoachSchema()
_many = CoachSchema(many=True)


def find_coach(key: int) -> dict[str, Any]:
    """Return one coach as JSON values."""
    found: dict[str, Any] = _one.dump(db.session.get(Coach, key))
    return found


def find_coaches(limit: int) -> list[dict[str, Any]]:
    """Return the first ``limit`` coaches as JSON values."""
    found: list[dict[str, Any]] = _many.dump(db.session.scalars(db.select(Coach).order_by(Coach.id).limit(limit)))
    return found


class Empties(Resource):
    """Answers with next to nothing, for what dispatch alone costs."""

    def get(self) -> dict[str, Any]:
        """Return the empty object."""
        return {}


class CoachById(Resource):
    """One coach."""

    def get(self, id: int) -> dict[str, Any]:
        """Return the coach."""
        return find_coach(id)


class Coaches(Resource):
    """A list of coaches."""

    def get(self) -> list[dict[str, Any]]:
        """Return as many coaches as the query string's ``limit`` says."""
        return find_coaches(request.args.get("limit", 50, type=int))


def create_app(database: str) -> tuple[Flask, Api]:
    """Return the app and its API on a SQLite file that is filled here; ``database`` is the file's path."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{database}"
    db.init_app(app)
    api = Api(app)
    api.add_resource(Empties, "/empties")
    api.add_resource(Coaches, "/coaches")
    api.add_resource(CoachById, "/coaches/<int:id>")
    with app.app_context():
        db.create_all()
        db.session.add_all(Coach(**_values(key)) for key in range(1, ROWS + 1))
        db.session.commit()
    return app, api


def expected(payload: str) -> Any:
    """Return the answer that every contender must give, made without database, schema or server."""
    if payload == "empty":
        return {}
    if payload == "one_row":
        return _as_json(7)
    return [_as_json(key) for key in range(1, int(payload.removeprefix("rows_")) + 1)]


def _as_json(key: int) -> dict[str, Any]:
    values = _values(key)
    return {**values, "hired_on": values["hired_on"].isoformat()}


def _values(key: int) -> dict[str, Any]:
    """Return the columns of one coach: all rows differ, and the text compresses about as text does."""
    first = ("Ada", "Bruno", "Chidi", "Dana", "Elif", "Farid", "Greta", "Hugo", "Iris", "Jonas")[key % 10]
    last = ("Okafor", "Lindqvist", "Moreau", "Tanaka", "Silva", "Novak", "Haddad")[key % 7]
    focus = ("Strength", "Endurance", "Mobility", "Boxing", "Rowing", "Yoga")[key % 6]
    return {
        "id": key,
        "name": f"{first} {last}",
        "email": f"{first}.{last}{key}@example.org".lower(),
        "specialty": focus,
        "bio": f"{first} has taught {focus.lower()} for {key % 23 + 2} years and runs {key * 37 % 100} km a week.",
        "age": 20 + key * 13 % 45,
        "rate": 40 + key * 17 % 600 / 8,
        "hired_on": date(2012, 1, 1) + timedelta(days=key * 29 % 4_000),
    }
