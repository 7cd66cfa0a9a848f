from flask_restful import Resource

from config import api


class Coaches(Resource):
    @staticmethod
    def get():
        return []

    def delete(self):
        yield "a"


api.add_resource(Coaches, "/coaches")
