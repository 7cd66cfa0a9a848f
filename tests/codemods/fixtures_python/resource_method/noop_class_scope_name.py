from flask_restful import Resource

from config import api


class Coaches(Resource):
    first = 1

    def get(self, page=first):
        return page


api.add_resource(Coaches, "/coaches")
