from flask_restful import Resource

from shop import api


class Coaches(Resource):
    def get(self):
        return []


api.add_resource(Coaches, "/coaches")
