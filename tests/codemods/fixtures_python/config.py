from flask import Flask
from flask_restful import Api, Resource
from flask_socketio import SocketIO

from bridge import Bridge

app = Flask(__name__)
app.secret_key = "for tests"
api = Api(app)
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=api)


class ListResource(Resource):
    """A base of another file."""

    def get(self):
        return []
