from flask import request
from flask_restful import Resource

from config import api


class Coaches(Resource):
    def post(self):
        """Make one."""
        # What was sent:
        values = request.get_json()

        if not values:
            return {"error": "empty"}, 400
        return {"name": values["name"], "again": request.json["name"]}, 201

    def put(self):
        data = request.json
        data = dict(data)
        return {"data": data, "sent": request.get_json()}


api.add_resource(Coaches, "/coaches")
