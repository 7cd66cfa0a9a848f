from bridge import Bridge
from flask import Flask, request
from flask_restful import Api, Resource
from flask_socketio import SocketIO

app = Flask(__name__)
api = Api(app)
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=api)


class Coaches(Resource):
    def get(self):
        return []

    def post(self):
        return request.form.to_dict(), 201


@bridge.event("get_coaches", replaces=("GET", "/coaches"))
def get_coaches():
    return []


class Trainers(Coaches):
    pass


api.add_resource(Coaches, "/coaches")
api.add_resource(Trainers, "/trainers")
