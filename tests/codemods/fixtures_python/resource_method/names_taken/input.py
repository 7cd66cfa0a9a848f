from flask_restful import Resource

from config import api


def get_coaches():
    return []


class Coaches(Resource):
    def get(self):
        return get_coaches()

    def delete(self):
        return [delete_coaches for delete_coaches in "ab"], delete_everything()


api.add_resource(Coaches, "/coaches")


def delete_everything():
    return delete_coaches


delete_coaches = on_get_coaches = 204
