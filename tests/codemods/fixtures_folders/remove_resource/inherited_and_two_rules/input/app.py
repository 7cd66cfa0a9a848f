from bridge import Bridge
from flask import Flask, request
from flask_restful import Api, Resource
from flask_socketio import SocketIO

app = Flask(__name__)
api = Api(app)
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=api)


class Listed:
    def get(self, number=0):
        return [number]


class Coaches(Listed, Resource):
    pass


@bridge.event("get_coaches", replaces=("GET", "/coaches"))
@bridge.event("get_coach", replaces=("GET", "/coaches/<int:number>"))
def get_coaches(number=0):
    return [number]


def routes(api):
    """Register all."""
    api.add_resource(Coaches, "/coaches", "/coaches/<int:number>")


routes(api)
