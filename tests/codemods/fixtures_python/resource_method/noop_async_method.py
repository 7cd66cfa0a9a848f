from flask_restful import Resource

from config import api


class Coaches(Resource):
    async def get(self):
        return []


api.add_resource(Coaches, "/coaches")
