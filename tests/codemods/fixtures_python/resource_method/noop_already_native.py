from flask_restful import Resource

from config import api


from config import bridge


class Coaches(Resource):
    def get(self):
        return []


@bridge.event("get_coaches", replaces=("GET", "/coaches"))
def get_coaches():
    return []


api.add_resource(Coaches, "/coaches")
