from flask import request
from flask_restful import Resource

from config import api, bridge


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


# fmt: off
@bridge.event("new_coaches_list", replaces=("POST", "/coaches"))
def new_coaches_list(data):
    return data, 201


@bridge.event("replace_coaches", replaces=("PUT", "/coaches"))
@bridge.event("replace_coach", replaces=("PUT", "/coaches/<int:id>"))
def replace_coaches( data , id = (1, 2)):
    found = 1; é = "é"; return [é, data, id, found]


@bridge.event("update_coaches", replaces=("PATCH", "/coaches"))
@bridge.event("update_coach", replaces=("PATCH", "/coaches/<int:id>"))
def update_coaches(
    data,  # the Resource
    id: int = max(1, 2),  # its number (of two)
    *,
    key=lambda a, b: {"a": a, ")": b},
):
    # what was sent

    total = data["a"] + \
        data["b"]
    return """
        kept
    """ "a\
    b", key(total, id) ; pass


@bridge.event("get_coaches", replaces=("GET", "/coaches"))
@bridge.event("get_coach", replaces=("GET", "/coaches/<int:id>"))
def get_coaches(data=None, id=None):
    return (data), id


@bridge.event("delete_coaches", replaces=("DELETE", "/coaches"))
@bridge.event("delete_coach", replaces=("DELETE", "/coaches/<int:id>"))
def delete_coaches (*, id=")"):
    # Nothing.
    if (
id
    ):
      return id, 200
    return "", 204  # done
    # here


api.add_resource(CoachById, "/coaches", "/coaches/<int:id>")
