from bridge import Bridge
from flask import Flask
from flask_restful import Api
from flask_socketio import SocketIO

app = Flask(__name__)
api = Api(app)
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=api)


def noted(method):
    return method


@bridge.event("get_plans", replaces=("GET", "/plans"), endpoint="plans", resource="Plans")
def get_plans():
    return []


@bridge.event(
    "new_plan",
    replaces=("POST", "/plans"),
    endpoint="plans",
    resource="Plans",
    method_decorators=[noted],
)
def new_plan(data):
    return data


def routes(api):
    pass


routes(api)
