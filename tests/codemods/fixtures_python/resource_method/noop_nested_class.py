from flask_restful import Resource

from config import api


def routes():
    class Coaches(Resource):
        def get(self):
            return []

    api.add_resource(Coaches, "/coaches")


routes()
