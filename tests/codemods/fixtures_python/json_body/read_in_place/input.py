from flask import request
from flask_restful import Resource

from config import api


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


api.add_resource(Coaches, "/coaches")
