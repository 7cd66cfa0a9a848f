from flask_restful import Resource

from config import api, bridge


class Coaches(Resource):
    def get(self, id=None, page=1):
        return {"id": id, "page": page}

    def post(self, id):
        return {"id": id}


@bridge.event("get_coaches", replaces=("GET", "/coaches"))
@bridge.event("get_coach", replaces=("GET", "/coaches/<int:id>"))
def get_coaches(*, id=None, page=1):
    return {"id": id, "page": page}


@bridge.event("new_coach", replaces=("POST", "/coaches/<int:id>"))
def new_coach(id):
    return {"id": id}


api.add_resource(Coaches, "/coaches", "/coaches/<int:id>")
