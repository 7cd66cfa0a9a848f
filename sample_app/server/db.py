"""The one SQLAlchemy object, and the pragmas that SQLite needs on every connection."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Base of all models."""


db = SQLAlchemy(model_class=Base)


def init_db(app: Flask) -> None:
    """Bind the app to its database and create the tables that are missing."""
    db.init_app(app)
    with app.app_context():
        event.listen(db.engine, "connect", _set_pragmas)
        db.create_all()


def _set_pragmas(connection: Any, _record: Any) -> None:
    """SQLite enforces foreign keys only when asked to; WAL lets readers go on while one thread writes."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
