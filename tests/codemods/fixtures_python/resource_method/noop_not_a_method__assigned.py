from flask_restful import Resource

from config import api


class Coaches(Resource):
    get = lambda self: []


api.add_resource(Coaches, "/coaches")
