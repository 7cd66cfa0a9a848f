from flask_restful import Resource

from config import api


from functools import wraps


def logged(function):
    @wraps(function)
    def wrapper(self, *args, **kwargs):
        print(self)
        return function(self, *args, **kwargs)

    return wrapper


def counted(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        print(args[0])
        return function(*args, **kwargs)

    return wrapper


class Coaches(Resource):
    @logged
    def get(self):
        return []

    @counted
    def post(self):
        return []


api.add_resource(Coaches, "/coaches")
