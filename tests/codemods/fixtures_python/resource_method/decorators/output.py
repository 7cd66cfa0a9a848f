from flask import request
from flask_restful import Resource

from config import api, bridge

from flask_login import login_required
from flask_restful import marshal_with

from roles import loads_user, role_required, timed


class Coaches(Resource):
    @login_required
    @role_required("admin")
    def get(self):
        return []

    @marshal_with({})
    def post(self):
        payload = request.get_json()
        return payload

    @timed
    def delete(self):
        return "", 204

    @loads_user
    def patch(self, user):
        return {"user": user}


@bridge.event("get_coaches", replaces=("GET", "/coaches"))
@login_required
@role_required("admin")
def get_coaches():
    return []


@bridge.event("new_coach", replaces=("POST", "/coaches"))
@marshal_with({})
def new_coach(data):
    payload = data
    return payload


@bridge.event("delete_coaches", replaces=("DELETE", "/coaches"), takes_data=False)
@timed
def delete_coaches():
    return "", 204


@bridge.event("update_coaches", replaces=("PATCH", "/coaches"), takes_data=False)
@loads_user
def update_coaches(user):
    return {"user": user}


api.add_resource(Coaches, "/coaches")
