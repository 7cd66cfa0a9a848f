from bridge import Bridge
from flask import Flask, request
from flask_restful import Api, Resource
from flask_socketio import SocketIO

app = Flask(__name__)
api = Api(app)
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=api)

SEEN = []


def noted(name):
    def around(method):
        def wrapper(*args, **kwargs):
            SEEN.append(name)
            if request.headers.get("Authorization") == name:
                return {"error": name}, 403
            return method(*args, **kwargs)

        return wrapper

    return around


class Base(Resource):
    method_decorators = (noted("base"),)


@bridge.event(
    "get_coaches",
    replaces=("GET", "/coaches"),
    endpoint="coaches",
    resource="Coaches",
    method_decorators=Base.method_decorators,
)
def get_coaches():
    return SEEN


@bridge.event(
    "new_plan",
    replaces=("POST", "/plans"),
    endpoint="plans",
    resource="Plans",
    method_decorators=[noted("inner"), noted("outer")],
)
def new_plan(data):
    return data


@bridge.event(
    "get_weeks",
    replaces=("GET", "/weeks"),
    endpoint="weeks",
    resource="Weeks",
)
def get_weeks():
    return []


@bridge.event(
    "new_week",
    replaces=("POST", "/weeks"),
    endpoint="weeks",
    resource="Weeks",
    method_decorators=[noted("post")],
)
def new_week(data):
    return data
