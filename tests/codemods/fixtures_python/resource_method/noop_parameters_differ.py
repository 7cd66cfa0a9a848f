from flask_restful import Resource

from config import api


class Coaches(Resource):
    def get(self, name):
        return name

    def patch(self, *args):
        return args

    def delete(self):
        return "", 204


api.add_resource(Coaches, "/coaches/<int:id>")
