from flask_restful import Resource

from extensions import bridge


class Late(Resource):
    def get(self):
        return "late"


@bridge.event("get_late", replaces=("GET", "/api/all/late"))
def get_late():
    return "late"
