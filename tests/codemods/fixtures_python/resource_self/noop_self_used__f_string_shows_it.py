from flask_restful import Resource

from config import api


class Coaches(Resource):
    size = 20

    def get(self):
        return f"see {self.size = }"


api.add_resource(Coaches, "/coaches")
