from flask import request
from flask_restful import Resource

from config import api, bridge


def made(name, **more):
    return {"name": name, **more}


class Coaches(Resource):
    def post(self):
        return made(request.get_json()["name"], age=request.json.get("age")), 201

    def patch(self):
        data = request.get_json() or {}
        return data

    def put(self):
        if request.get_json().get("data"):
            data = body = 1
            return made(request.json["name"], data=data, body=body)
        return made("")


@bridge.event("new_coach", replaces=("POST", "/coaches"))
def new_coach(data):
    return made(data["name"], age=data.get("age")), 201


@bridge.event("update_coaches", replaces=("PATCH", "/coaches"))
def update_coaches(body):
    data = body or {}
    return data


@bridge.event("replace_coaches", replaces=("PUT", "/coaches"))
def replace_coaches(payload):
    if payload.get("data"):
        data = body = 1
        return made(payload["name"], data=data, body=body)
    return made("")


api.add_resource(Coaches, "/coaches")
