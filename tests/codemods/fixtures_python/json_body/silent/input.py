from flask import request
from flask_restful import Resource

from config import api


class CoachById(Resource):
    def get(self, id):
        print(id)
        data = request.get_json(silent=True)
        return {"id": id, "data": data}

    def delete(self, id):
        data = request.get_json(silent=True) or {}
        return data, 200

    def patch(self, id):
        sent = request.get_json(silent=True)
        if sent is None:
            sent = {}
        return sent


api.add_resource(CoachById, "/coaches/<int:id>")
