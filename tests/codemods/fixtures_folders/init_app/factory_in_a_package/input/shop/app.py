"""Makes the app."""

from __future__ import annotations

from flask import Flask
from flask_restful import Api

from .models import db
from .resources import Coaches


def create_app(config=None):
    if config is None:
        config = {}
    app = Flask(__name__)
    app.config.update({"SQLALCHEMY_DATABASE_URI": "sqlite://", **config})
    db.init_app(app)
    api = Api(app, prefix="/api")
    api.add_resource(Coaches, "/coaches")

    return app
