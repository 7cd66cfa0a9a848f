from bridge import Bridge
from flask import Flask, request
from flask_restful import Api
from flask_socketio import SocketIO

app = Flask(__name__)
api = Api(app)
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=api)


class Coaches:
    LIMIT = 2

    def find(self, number):
        return [number] * self.LIMIT


@bridge.event(
    "get_coach",
    replaces=("GET", "/coaches/<int:number>"),
    endpoint="coaches",
    resource="Coaches",
)
def get_coach(number):
    return Coaches().find(number)


class Limits:
    LIMIT = 3


@bridge.event(
    "get_limits",
    replaces=("GET", "/limits"),
    endpoint="limits",
    resource="Limits",
)
def get_limits():
    return Limits.LIMIT
