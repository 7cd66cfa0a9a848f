from flask_restful import Resource

from config import api, bridge


class Plans(Resource):
    def get(self, coach_id, training_plan_id):
        return [coach_id, training_plan_id]


@bridge.event(
    "get_coach_training_plan_exercises",
    replaces=(
        "GET",
        "/coaches/<int:coach_id>/training_plans/<int:training_plan_id>/exercises",
    ),
)
def get_coach_training_plan_exercises(coach_id, training_plan_id):
    return [coach_id, training_plan_id]


api.add_resource(
    Plans, "/coaches/<int:coach_id>/training_plans/<int:training_plan_id>/exercises"
)
