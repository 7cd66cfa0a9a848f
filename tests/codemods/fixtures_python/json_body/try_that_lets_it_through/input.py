from flask import request
from flask_restful import Resource
from sqlalchemy.exc import IntegrityError

from config import api


class Coaches(Resource):
    def post(self):
        try:
            data = request.get_json()
            return {"name": data["name"]}, 201
        except (IntegrityError, KeyError):
            return {}, 422

    def put(self):
        try:
            data = request.get_json()
        except KeyError:
            return {}, 422
        return data, 201


api.add_resource(Coaches, "/coaches")
