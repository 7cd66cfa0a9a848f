from bridge import Bridge
from flask import Flask
from flask_restful import Api, Resource
from flask_socketio import SocketIO

app = Flask(__name__)

socketio = SocketIO()
bridge = Bridge()


class Coaches(Resource):
    def get(self):
        return []


api = Api(app)
socketio.init_app(app, async_mode="threading")
bridge.init_app(app, socketio, api=api)
api.add_resource(Coaches, "/coaches")

if __name__ == "__main__":
    socketio.run(app, "0.0.0.0", 8000, debug=True, allow_unsafe_werkzeug=True)
