#!/usr/bin/env python3
from config import api, app, socketio
from flask_restful import Resource


class Coaches(Resource):
    def get(self):
        return []


api.add_resource(Coaches, '/coaches')

if __name__ == '__main__':
    socketio.run(app, port=5555, debug=True, allow_unsafe_werkzeug=True)
