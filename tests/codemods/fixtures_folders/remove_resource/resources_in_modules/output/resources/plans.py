from flask_restful import Resource

from extensions import bridge


@bridge.event(
    "get_plans",
    replaces=("GET", "/api/plans"),
    endpoint="plans",
    resource="Plans",
)
def get_plans():
    return []


class Weeks(Resource):
    def get(self):
        return ["a week"]
