from flask import Flask
from flask_restful import Api, Resource
from flask_socketio import SocketIO

from bridge import Bridge

app = Flask(__name__)
api = Api(app)


class Coaches(Resource):
    def get(self):
        return []


api.add_resource(Coaches, "/coaches")
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=api)


@bridge.event("get_coaches", replaces=("GET", "/coaches"))
def get_coaches():
    return []
