#!/usr/bin/env python3
from config import api, app
from flask_restful import Resource


class Coaches(Resource):
    def get(self):
        return []


api.add_resource(Coaches, '/coaches')

if __name__ == '__main__':
    app.run(port=5555, debug=True)
