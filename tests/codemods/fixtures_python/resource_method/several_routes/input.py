from flask_restful import Resource

from config import api


class Coaches(Resource):
    def get(self, id=None, page=1):
        return {"id": id, "page": page}

    def post(self, id):
        return {"id": id}


api.add_resource(Coaches, "/coaches", "/coaches/<int:id>")
