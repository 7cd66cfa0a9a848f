"""A table of coaches, a smaller one beside it, and three ways to keep subscribers up to date.

``broadcast`` is what the blog's ``refresh_all_data()`` was reaching for: every row of every table to everybody after
each write, by hand-written handlers. ``watched`` and ``rows`` are live collections: by their GET, and by the rows that
were written.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from flask_restful import Api, Resource
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy
from marshmallow import Schema, fields
from sqlalchemy import insert

from bridge import Bridge

db = SQLAlchemy()
TEXT = "trains runners, cyclists and swimmers since the year in which the studio opened its doors"


class Coach(db.Model):  # type: ignore[name-defined, misc]
    """A row of some 150 bytes of JSON."""

    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String, nullable=False)
    age = db.Column(db.Integer, nullable=False)
    about = db.Column(db.String, nullable=False)


class CoachSchema(Schema):
    """A coach as the API says it."""

    id = fields.Integer()
    name = fields.String()
    age = fields.Integer()
    about = fields.String()


class Class(db.Model):  # type: ignore[name-defined, misc]
    """What the blog's app has beside its coaches: plans, moves and classes, in one table here."""

    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String, nullable=False)


class ClassSchema(Schema):
    """A class as the API says it."""

    id = fields.Integer()
    name = fields.String()


CLASSES = 500
one, many, classes = CoachSchema(), CoachSchema(many=True), ClassSchema(many=True)


class Coaches(Resource):
    """All coaches."""

    def get(self) -> Any:
        return many.dump(db.session.query(Coach).order_by(Coach.id))


class CoachById(Resource):
    """One coach."""

    def patch(self, id: int) -> Any:
        return _renamed(id, request.get_json()["name"])


def _renamed(id: int, name: str) -> Any:
    coach = db.session.get(Coach, id)
    coach.name = name
    db.session.commit()
    return one.dump(coach)


def create_app(kind: str, mode: str, database: str, rows: int) -> tuple[Flask, SocketIO]:
    """Build the app of a kind, with so many rows."""
    app = Flask(__name__)
    app.config.update(SQLALCHEMY_DATABASE_URI=f"sqlite:///{database}", SECRET_KEY="x")
    db.init_app(app)
    api = Api(app)
    api.add_resource(Coaches, "/coaches")
    api.add_resource(CoachById, "/coaches/<int:id>")
    with app.app_context():
        db.create_all()
        values = [{"name": f"Coach {number}", "age": 20 + number % 50, "about": TEXT} for number in range(rows)]
        db.session.execute(insert(Coach), values)
        db.session.execute(insert(Class), [{"name": f"Class {number}"} for number in range(CLASSES)])
        db.session.commit()
    socketio = SocketIO(app, async_mode=mode)
    if kind == "broadcast":
        _by_hand(socketio)
    else:
        bridge = Bridge(app, socketio, db=db, api=api)
        by_rows: dict[str, Any] = {"model": Coach, "schema": one} if kind == "rows" else {}
        bridge.live("/coaches", scope=lambda: "everybody", **by_rows)
    return app, socketio


def _by_hand(socketio: SocketIO) -> None:
    @socketio.on("subscribe")
    def subscribe(*_: Any) -> Any:
        return {"ok": True, "status": 200, "data": [], "errors": None}

    @socketio.on("update_coach")
    def update_coach(data: dict[str, Any]) -> Any:
        coach = _renamed(data["id"], data["name"])
        socketio.emit("coaches", many.dump(db.session.query(Coach).order_by(Coach.id)))
        socketio.emit("classes", classes.dump(db.session.query(Class).order_by(Class.id)))
        return {"ok": True, "status": 200, "data": coach, "errors": None}
