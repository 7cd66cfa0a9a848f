from flask import request
from flask_restful import Resource

from config import api


from flask_restful import reqparse

parser = reqparse.RequestParser()
parser.add_argument("photo", location="files")


class Coaches(Resource):
    def post(self):
        return {"name": request.form["name"]}

    def put(self):
        return parser.parse_args()

    def patch(self):
        return {"length": len(request.data)}


api.add_resource(Coaches, "/coaches")
