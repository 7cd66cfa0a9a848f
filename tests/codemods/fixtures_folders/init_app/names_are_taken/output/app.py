import socketio
from bridge import Bridge
from flask import Flask
from flask_restful import Api, Resource
from flask_socketio import SocketIO

app = Flask(__name__)
api = Api(app)

# An event beside every route (fetch2socket), for pages of the same origin.
sio = SocketIO(app, async_mode="threading")
event_bridge = Bridge(app, sio, api=api)


class Bridges(Resource):
    def get(self):
        bridge = "Golden Gate"
        return [bridge, socketio.__name__]


api.add_resource(Bridges, "/bridges")
