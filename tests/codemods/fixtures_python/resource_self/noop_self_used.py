from flask_restful import Resource

from config import api


class Coaches(Resource):
    def get(self):
        return repr(self)

    def post(self):
        return self.get()

    def put(self):
        return self.helper()

    def helper(self):
        return self.get()


class Players(Resource):
    def __init__(self, service):
        self.service = service

    def get(self):
        return self.service()


class Teams(Resource):
    user = None

    def dispatch_request(self, *args, **kwargs):
        self.user = 1
        return super().dispatch_request(*args, **kwargs)

    def get(self):
        return self.user


api.add_resource(Coaches, "/coaches")
api.add_resource(Players, "/players", resource_class_kwargs={"service": list})
api.add_resource(Teams, "/teams")
