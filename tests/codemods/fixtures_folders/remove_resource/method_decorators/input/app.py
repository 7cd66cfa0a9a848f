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


class Coaches(Base):
    def get(self):
        return SEEN


@bridge.event("get_coaches", replaces=("GET", "/coaches"))
def get_coaches():
    return SEEN


class Plans(Resource):
    method_decorators = [noted("inner"), noted("outer")]

    def post(self):
        return request.get_json()


@bridge.event("new_plan", replaces=("POST", "/plans"))
def new_plan(data):
    return data


class Weeks(Resource):
    method_decorators = {"post": [noted("post")]}

    def get(self):
        return []

    def post(self):
        return request.get_json()


@bridge.event("get_weeks", replaces=("GET", "/weeks"))
def get_weeks():
    return []


@bridge.event("new_week", replaces=("POST", "/weeks"))
def new_week(data):
    return data


api.add_resource(Coaches, "/coaches")
api.add_resource(Plans, "/plans")
api.add_resource(Weeks, "/weeks")
