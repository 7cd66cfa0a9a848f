from flask_restful import Resource

from config import api, bridge


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


@bridge.event("get_coach", replaces=("GET", "/coaches/<int:id>"))
def get_coach(id):
    return CoachById().find(id)


@bridge.event("update_coach", replaces=("PATCH", "/coaches/<int:id>"))
def update_coach(id):
    """Change one."""
    resource = CoachById()
    resource.find(id)
    for name in "ab":
        resource.found[name] = name
    return resource.found


api.add_resource(CoachById, "/coaches/<int:id>")
