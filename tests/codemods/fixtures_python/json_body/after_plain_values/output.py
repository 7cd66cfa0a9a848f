from flask import request
from flask_restful import Resource

from config import api, bridge

RULES = ("name", "age")


class Logins(Resource):
    def post(self):
        errors = {}
        user_data = request.get_json()
        if not user_data.get("name"):
            errors["name"] = "Blank name"
        return errors, 401 if errors else 200


@bridge.event("login", replaces=("POST", "/login"))
def login(data):
    errors = {}
    user_data = data
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


@bridge.event("new_coach", replaces=("POST", "/coaches"))
def new_coach(data):
    found = None
    rules, least = RULES, -1
    errors = {"name": [], "age": (found, RULES)}
    known: set = {"name", 1}
    return [rules, least, errors, len(known), data]


@bridge.event("replace_coaches", replaces=("PUT", "/coaches"))
def replace_coaches():
    errors = {RULES: []}
    return [len(errors), request.get_json()]


@bridge.event("update_coaches", replaces=("PATCH", "/coaches"))
def update_coaches():
    both = [*RULES]
    return [both, request.get_json()]


class Counts(Resource):
    def post(self):
        global RULES
        RULES = ()
        return request.get_json()


@bridge.event("new_count", replaces=("POST", "/counts"))
def new_count():
    global RULES
    RULES = ()
    return request.get_json()


api.add_resource(Logins, "/login")
api.add_resource(Coaches, "/coaches")
api.add_resource(Counts, "/counts")
