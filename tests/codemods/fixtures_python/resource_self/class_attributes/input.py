from flask_restful import Resource

from config import api


from flask_restful import reqparse


class Coaches(Resource):
    parser = reqparse.RequestParser()
    size = 20

    @staticmethod
    def page(number):
        return number

    def get(self):
        return {
            "size": self.size,
            "page": self.page(1),
            "args": self.parser.parse_args(),
        }


api.add_resource(Coaches, "/coaches")
