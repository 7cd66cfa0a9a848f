from flask import request
from flask_restful import Resource

from config import api

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


api.add_resource(Coaches, "/coaches")
