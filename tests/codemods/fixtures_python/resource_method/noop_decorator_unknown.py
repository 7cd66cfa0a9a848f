from flask_restful import Resource

from config import api


import elsewhere

made = [lambda function: function]


class Coaches(Resource):
    @elsewhere.guarded
    def get(self):
        return []

    @made[0]
    def post(self):
        return []


api.add_resource(Coaches, "/coaches")
