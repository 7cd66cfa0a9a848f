from flask_restful import Resource


class Coaches(Resource):
    def get(self):
        return []
