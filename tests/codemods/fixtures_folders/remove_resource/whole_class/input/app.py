from bridge import Bridge
from flask import Flask, request
from flask_restful import Api, Resource
from flask_socketio import SocketIO

app = Flask(__name__)
api = Api(app)
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=api)

ROWS = [{"id": 1}]


# All coaches.
class Coaches(Resource):
    """All coaches."""

    def get(self):
        return ROWS

    def post(self):
        return request.get_json(), 201


@bridge.event("get_coaches", replaces=("GET", "/coaches"))
def get_coaches():
    return ROWS


@bridge.event("new_coach", replaces=("POST", "/coaches"))
def new_coach(data):
    return data, 201


def helper():
    return "stays"


# The routes.

api.add_resource(Coaches, "/coaches")

if __name__ == "__main__":
    socketio.run(app)
