from flask_restful import Resource

from config import api


class Coaches(Resource):
    __rows = []

    def get(self):
        return self.__rows

    def post(self):
        return super().post()


api.add_resource(Coaches, "/coaches")
