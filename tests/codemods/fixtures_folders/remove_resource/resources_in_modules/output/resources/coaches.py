from flask_restful import abort

from extensions import bridge


@bridge.event(
    "get_coaches",
    replaces=("GET", "/api/coaches"),
    endpoint="coaches",
    resource="Coaches",
)
def get_coaches():
    return []


@bridge.event(
    "get_coach",
    replaces=("GET", "/api/coaches/<int:id>"),
    endpoint="coach",
    resource="CoachById",
)
def get_coach(id):
    abort(404, message="gone")
