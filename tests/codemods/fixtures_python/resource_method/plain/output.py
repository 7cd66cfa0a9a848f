from flask_restful import Resource

from config import api, bridge


class Coaches(Resource):
    """The list."""

    def get(self):
        # All of them, in order.
        coaches = [{"id": 1}]

        return coaches, 200  # nothing else


@bridge.event("get_coaches", replaces=("GET", "/coaches"))
def get_coaches():
    # All of them, in order.
    coaches = [{"id": 1}]

    return coaches, 200  # nothing else


class CoachById(Resource):
    # One of them.
    def get(self, id):
        """Answer one.

        By its number.
        """
        text = """
    stays
"""
        return {"id": id, "text": text}

    def delete(self, id: int = 0):
        if id:
            return "", 204

        return {"error": "none"}, 404
        # not reached


# One of them.
@bridge.event("get_coach", replaces=("GET", "/coaches/<int:id>"))
def get_coach(id):
    """Answer one.

    By its number.
    """
    text = """
    stays
"""
    return {"id": id, "text": text}


@bridge.event("delete_coach", replaces=("DELETE", "/coaches/<int:id>"))
def delete_coach(id: int = 0):
    if id:
        return "", 204

    return {"error": "none"}, 404
    # not reached


api.add_resource(Coaches, "/coaches")
api.add_resource(CoachById, "/coaches/<int:id>")
