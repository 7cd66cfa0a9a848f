from flask_restful import Resource

from config import api, bridge


class ListResource(Resource):
    rows = []
    model = dict

    def get(self):
        return {"rows": self.rows, "all": self.all()}

    def all(self):
        return [self.model()]


class Coaches(ListResource):
    rows = ["coach"]


@bridge.event("get_coaches", replaces=("GET", "/coaches"))
def get_coaches():
    return {"rows": Coaches.rows, "all": Coaches().all()}


class Players(ListResource):
    def post(self):
        return self.all(), 201


@bridge.event("get_players", replaces=("GET", "/players"))
def get_players():
    return {"rows": Players.rows, "all": Players().all()}


@bridge.event("new_player", replaces=("POST", "/players"))
def new_player():
    return Players().all(), 201


api.add_resource(Coaches, "/coaches")
api.add_resource(Players, "/players")
