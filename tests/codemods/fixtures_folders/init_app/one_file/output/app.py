from bridge import Bridge
from flask import Flask
from flask_restful import Api, Resource
from flask_socketio import SocketIO

app = Flask(__name__)
rest = Api(app)
# An event beside every route (fetch2socket), for pages of the same origin.
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=rest)
CORS_ORIGINS = []


class Coaches(Resource):
    def get(self):
        return []


rest.add_resource(Coaches, "/coaches")

if __name__ == "__main__":
    socketio.run(app, allow_unsafe_werkzeug=True)
