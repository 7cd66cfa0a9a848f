from flask_restful import Resource

from config import api


class ListResource(Resource):
    rows = []
    model = dict

    def get(self):
        return {"rows": self.rows, "all": self.all()}

    def all(self):
        return [self.model()]


class Coaches(ListResource):
    rows = ["coach"]


class Players(ListResource):
    def post(self):
        return self.all(), 201


api.add_resource(Coaches, "/coaches")
api.add_resource(Players, "/players")
