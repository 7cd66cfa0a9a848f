from flask_restful import Resource

from config import api


class CoachById(Resource):
    def __init__(self):
        self.found = None

    def find(self, id):
        self.found = {"id": id}
        return self.found

    def get(self, id):
        return self.find(id)

    def patch(self, id):
        """Change one."""
        self.find(id)
        for name in "ab":
            self.found[name] = name
        return self.found


api.add_resource(CoachById, "/coaches/<int:id>")
