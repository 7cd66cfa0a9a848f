from flask import request
from flask_restful import Resource

from config import api, bridge


def find(id):
    return {"id": id}


class CoachById(Resource):
    def patch(self, id):
        coach = find(id)
        data = request.get_json()
        coach.update(data)
        return coach

    def put(self, id):
        try:
            data = request.get_json()
            return {"name": data["name"]}
        except Exception as e:
            return {"error": str(e)}, 400

    def post(self, id):
        return {"forced": request.get_json(force=True)}


@bridge.event("update_coach", replaces=("PATCH", "/coaches/<int:id>"))
def update_coach(id):
    coach = find(id)
    data = request.get_json()
    coach.update(data)
    return coach


@bridge.event("replace_coach", replaces=("PUT", "/coaches/<int:id>"))
def replace_coach(id):
    try:
        data = request.get_json()
        return {"name": data["name"]}
    except Exception as e:
        return {"error": str(e)}, 400


@bridge.event("new_coach", replaces=("POST", "/coaches/<int:id>"))
def new_coach(id):
    return {"forced": request.get_json(force=True)}


api.add_resource(CoachById, "/coaches/<int:id>")
