from bridge import Bridge
from flask import Flask, request
from flask_restful import Api, Resource
from flask_socketio import SocketIO

app = Flask(__name__)
api = Api(app)
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=api)


def known(cls):
    return cls


@known
class Coaches(Resource):
    def get(self):
        return []


@bridge.event("get_coaches", replaces=("GET", "/coaches"))
def get_coaches():
    return []


api.add_resource(Coaches, "/coaches")
