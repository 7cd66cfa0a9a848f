from bridge import Bridge
from flask import Flask, request
from flask_restful import Api
from flask_socketio import SocketIO

app = Flask(__name__)
api = Api(app)
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=api)

PREFIX = "/v1"


@bridge.event(
    "get_coaches",
    replaces=("GET", "/v1/coaches"),
    endpoint="coaches",
    resource="Coaches",
)
def get_coaches():
    return []
