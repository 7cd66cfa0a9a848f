from bridge import Bridge
from flask import Flask, request
from flask_restful import Api, Resource
from flask_socketio import SocketIO

app = Flask(__name__)
api = Api(app)
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=api)

PREFIX = "/v1"


class Coaches(Resource):
    def get(self):
        return []


@bridge.event("get_coaches", replaces=("GET", "/v1/coaches"))
def get_coaches():
    return []


api.add_resource(Coaches, f"{PREFIX}/coaches", methods=["GET"])
