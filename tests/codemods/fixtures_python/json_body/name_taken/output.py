from flask import request
from flask_restful import Resource

from config import api, bridge


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


@bridge.event("new_coach", replaces=("POST", "/coaches"))
def new_coach(body):
    sent = body
    data = {"name": sent["name"]}
    return data, 201


@bridge.event("replace_coaches", replaces=("PUT", "/coaches"))
def replace_coaches(data):
    payload = data
    return {"payload": payload, "again": data}


@bridge.event("update_coaches", replaces=("PATCH", "/coaches"))
def update_coaches(body):
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


@bridge.event("update_coach", replaces=("PATCH", "/coaches/<data>"))
def update_coach(body, data):
    return {"data": data, "body": body}


@bridge.event("replace_coach", replaces=("PUT", "/coaches/<data>"))
def replace_coach(sent, data):
    body, payload = sent, data
    return [body, payload]


api.add_resource(Coaches, "/coaches")
api.add_resource(CoachById, "/coaches/<data>")
