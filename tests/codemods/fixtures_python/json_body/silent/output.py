from flask import request
from flask_restful import Resource

from config import api, bridge


class CoachById(Resource):
    def get(self, id):
        print(id)
        data = request.get_json(silent=True)
        return {"id": id, "data": data}

    def delete(self, id):
        data = request.get_json(silent=True) or {}
        return data, 200

    def patch(self, id):
        sent = request.get_json(silent=True)
        if sent is None:
            sent = {}
        return sent


@bridge.event("get_coach", replaces=("GET", "/coaches/<int:id>"))
def get_coach(id, data=None):
    print(id)
    return {"id": id, "data": data}


@bridge.event("delete_coach", replaces=("DELETE", "/coaches/<int:id>"))
def delete_coach(id, body=None):
    data = body or {}
    return data, 200


@bridge.event("update_coach", replaces=("PATCH", "/coaches/<int:id>"))
def update_coach(id, data=None):
    sent = data
    if sent is None:
        sent = {}
    return sent


api.add_resource(CoachById, "/coaches/<int:id>")
