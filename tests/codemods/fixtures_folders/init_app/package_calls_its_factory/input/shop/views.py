from flask_restful import Resource

from shop import rest


class Coaches(Resource):
    def get(self):
        return []


rest.add_resource(Coaches, "/coaches")
