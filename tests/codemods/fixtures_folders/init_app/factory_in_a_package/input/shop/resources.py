from flask_restful import Resource

from .models import Coach


class Coaches(Resource):
    def get(self):
        return [coach.id for coach in Coach.query]
