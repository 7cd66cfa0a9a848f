from bridge import Bridge
from flask import Flask, request
from flask_restful import Api, Resource
from flask_socketio import SocketIO

app = Flask(__name__)
api = Api(app)
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=api)


class Coaches(Resource):
    LIMIT = 2

    def find(self, number):
        return [number] * self.LIMIT

    def get(self, number):
        return self.find(number)


@bridge.event("get_coach", replaces=("GET", "/coaches/<int:number>"))
def get_coach(number):
    return Coaches().find(number)


@api.resource("/limits")
class Limits(Resource):
    LIMIT = 3

    def get(self):
        return self.LIMIT


@bridge.event("get_limits", replaces=("GET", "/limits"))
def get_limits():
    return Limits.LIMIT


api.add_resource(Coaches, "/coaches/<int:number>")
