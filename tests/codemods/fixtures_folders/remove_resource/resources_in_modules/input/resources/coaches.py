from flask_restful import Resource, abort

from extensions import bridge


class Coaches(Resource):
    def get(self):
        return []


@bridge.event("get_coaches", replaces=("GET", "/api/coaches"))
def get_coaches():
    return []


class CoachById(Resource):
    def get(self, id):
        abort(404, message="gone")


@bridge.event("get_coach", replaces=("GET", "/api/coaches/<int:id>"))
def get_coach(id):
    abort(404, message="gone")
