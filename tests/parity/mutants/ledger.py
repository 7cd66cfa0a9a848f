"""An app that writes rows and takes them back again, with a live list: what the sample never does."""

from __future__ import annotations

import os
from typing import Any

from flask import Flask, request
from flask_restful import Api, Resource
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy

from bridge import Bridge

app = Flask(__name__)
app.config.update(SECRET_KEY="x", SQLALCHEMY_DATABASE_URI=os.environ["SQLALCHEMY_DATABASE_URI"])
db = SQLAlchemy(app)


class Entry(db.Model):  # type: ignore[name-defined,misc]
    """An amount that was booked."""

    id = db.Column(db.Integer, primary_key=True)
    amount = db.Column(db.Integer, nullable=False)


class Entries(Resource):
    """All entries."""

    def get(self) -> list[dict[str, Any]]:
        return [{"id": one.id, "amount": one.amount} for one in db.session.scalars(db.select(Entry).order_by(Entry.id))]

    def post(self) -> tuple[dict[str, Any], int]:
        entry = Entry(amount=request.get_json()["amount"])
        db.session.add(entry)
        db.session.flush()
        if not isinstance(entry.amount, int) or entry.amount < 0:
            db.session.rollback()
            return {"error": "no such amount"}, 422
        db.session.commit()
        return {"id": entry.id, "amount": entry.amount}, 201


Api(app).add_resource(Entries, "/entries")
with app.app_context():
    db.create_all()
Bridge(app, SocketIO(app, async_mode="threading"), db=db).live("/entries", scope=lambda: "all")
