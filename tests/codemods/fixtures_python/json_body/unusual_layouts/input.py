from flask import request
from flask_restful import Resource

from config import api


class CoachById(Resource):
    # fmt: off
    def post(self): data = request.get_json(); return data, 201

    def put( self , id = (1, 2) ,):
        found = 1; data = request.get_json(); é = "é"; return [é, data, id, found]

    def patch(
        self,  # the Resource
        id: int = max(1, 2),  # its number (of two)
        *,
        key=lambda a, b: {"a": a, ")": b},
    ):
        data = request.get_json()  # what was sent

        total = data["a"] + \
            data["b"]
        return """
        kept
    """ "a\
    b", key(total, id) ; pass

    def get(self, id=None): return (request
        .get_json(silent=True)), id

    def delete (self,/,id=")"):
        # Nothing.
        if (
    id
        ):
          return id, 200
        return "", 204  # done
        # here
    # fmt: on


api.add_resource(CoachById, "/coaches", "/coaches/<int:id>")
