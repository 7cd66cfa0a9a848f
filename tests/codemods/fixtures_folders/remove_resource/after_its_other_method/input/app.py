from bridge import Bridge
from flask import Flask, request
from flask_restful import Api, Resource
from flask_socketio import SocketIO

app = Flask(__name__)
api = Api(app)
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=api)


def noted(method):
    return method


class Plans(Resource):
    method_decorators = [noted]

    def post(self):
        return request.get_json()


@bridge.event("get_plans", replaces=("GET", "/plans"), endpoint="plans", resource="Plans")
def get_plans():
    return []


@bridge.event(
    "new_plan",
    replaces=("POST", "/plans"),
)
def new_plan(data):
    return data


def routes(api):
    api.add_resource(Plans, "/plans")


routes(api)
