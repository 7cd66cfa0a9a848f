from bridge import Bridge
from flask import Flask, request
from flask_restful import Api
from flask_socketio import SocketIO

app = Flask(__name__)
api = Api(app)
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=api)


class Listed:
    def get(self, number=0):
        return [number]


@bridge.event(
    "get_coaches",
    replaces=("GET", "/coaches"),
    endpoint="coaches",
    resource="Coaches",
)
@bridge.event(
    "get_coach",
    replaces=("GET", "/coaches/<int:number>"),
    endpoint="coaches",
    resource="Coaches",
)
def get_coaches(number=0):
    return [number]


def routes(api):
    """Register all."""


routes(api)
