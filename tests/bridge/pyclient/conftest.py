"""One small app on a real server, which keeps count of who asks and waits when it is told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, request, session
from flask_restful import Api, Resource
from flask_socketio import SocketIO

from bridge import Bridge
from tests.support.serving import serving

RELEASE = threading.Event()


class Coach(Resource):
    def get(self, id: int) -> Any:
        return {"id": id, "args": request.args.to_dict(flat=False)} if id < 100 else ({"message": "no coach"}, 404)

    def patch(self, id: int) -> Any:
        return {"id": id, "body": request.get_json()}

    def delete(self, id: int) -> Any:
        return "", 204


class Login(Resource):
    def post(self) -> Any:
        session["user"] = request.get_json()["name"]
        return {"user": session["user"]}

    def get(self) -> Any:
        return {"user": session.get("user"), "token": request.headers.get("Authorization")}


class Slow(Resource):
    def get(self) -> Any:
        RELEASE.wait(10)
        return {}


def make_app() -> Flask:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "test"
    api = Api(app)
    api.add_resource(Coach, "/coaches/<int:id>")
    api.add_resource(Login, "/login")
    api.add_resource(Slow, "/slow")
    app.add_url_rule("/page", "page", lambda: "<h1>Hello</h1>")
    Bridge(app, SocketIO(app, async_mode="threading"))
    return app


@pytest.fixture
def url() -> Iterator[str]:
    RELEASE.clear()
    with serving(make_app()) as url:
        yield url
        RELEASE.set()
