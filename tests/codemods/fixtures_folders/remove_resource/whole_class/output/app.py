from bridge import Bridge
from flask import Flask
from flask_restful import Api
from flask_socketio import SocketIO

app = Flask(__name__)
api = Api(app)
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=api)

ROWS = [{"id": 1}]


# All coaches.
@bridge.event(
    "get_coaches",
    replaces=("GET", "/coaches"),
    endpoint="coaches",
    resource="Coaches",
)
def get_coaches():
    return ROWS


@bridge.event(
    "new_coach",
    replaces=("POST", "/coaches"),
    endpoint="coaches",
    resource="Coaches",
)
def new_coach(data):
    return data, 201


def helper():
    return "stays"


# The routes.

if __name__ == "__main__":
    socketio.run(app)
