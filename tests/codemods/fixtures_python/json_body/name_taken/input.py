from flask import request
from flask_restful import Resource

from config import api


class Coaches(Resource):
    def post(self):
        sent = request.get_json()
        data = {"name": sent["name"]}
        return data, 201

    def put(self):
        payload = request.get_json()
        return {"payload": payload, "again": request.json}

    def patch(self):
        body = request.get_json()
        data = dict(body)
        return data


class CoachById(Resource):
    def patch(self, data):
        body = request.get_json()
        return {"data": data, "body": body}

    def put(self, data):
        sent = request.get_json()
        body, payload = sent, data
        return [body, payload]


api.add_resource(Coaches, "/coaches")
api.add_resource(CoachById, "/coaches/<data>")
