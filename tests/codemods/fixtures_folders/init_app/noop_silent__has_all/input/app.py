from flask import Flask
from flask_restful import Api, Resource
from flask_socketio import SocketIO

from bridge import Bridge

app = Flask(__name__)
api = Api(app)
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=api)


class Coaches(Resource):
    def get(self):
        return []


api.add_resource(Coaches, "/coaches")

if __name__ == "__main__":
    socketio.run(app)
