from flask_restful import Resource

from config import api


class Plans(Resource):
    def get(self, coach_id, training_plan_id):
        return [coach_id, training_plan_id]


api.add_resource(
    Plans, "/coaches/<int:coach_id>/training_plans/<int:training_plan_id>/exercises"
)
