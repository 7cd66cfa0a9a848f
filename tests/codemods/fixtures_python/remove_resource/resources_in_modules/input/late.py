from flask_restful import Resource

from extensions import bridge


class Late(Resource):
    def get(self):
        return "late"


@bridge.event("get_late", replaces=("GET", "/api/late"))
def get_late():
    return "late"
