from flask_restful import Resource

from config import api


bridge = "over the river"


class Coaches(Resource):
    def get(self):
        return [bridge]


api.add_resource(Coaches, "/coaches")
