import socketio
from flask import Flask
from flask_restful import Api, Resource

app = Flask(__name__)
api = Api(app)


class Bridges(Resource):
    def get(self):
        bridge = "Golden Gate"
        return [bridge, socketio.__name__]


api.add_resource(Bridges, "/bridges")
