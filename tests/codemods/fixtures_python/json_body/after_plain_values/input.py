from flask import request
from flask_restful import Resource

from config import api

RULES = ("name", "age")


class Logins(Resource):
    def post(self):
        errors = {}
        user_data = request.get_json()
        if not user_data.get("name"):
            errors["name"] = "Blank name"
        return errors, 401 if errors else 200


class Coaches(Resource):
    def post(self):
        found = None
        rules, least = RULES, -1
        errors = {"name": [], "age": (found, RULES)}
        known: set = {"name", 1}
        data = request.get_json()
        return [rules, least, errors, len(known), data]

    def put(self):
        errors = {RULES: []}
        return [len(errors), request.get_json()]

    def patch(self):
        both = [*RULES]
        return [both, request.get_json()]


class Counts(Resource):
    def post(self):
        global RULES
        RULES = ()
        return request.get_json()


api.add_resource(Logins, "/login")
api.add_resource(Coaches, "/coaches")
api.add_resource(Counts, "/counts")
