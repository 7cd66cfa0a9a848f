from flask import Flask
from flask_restful import Api

from extensions import bridge, socketio
from resources.coaches import CoachById, Coaches
from resources.plans import Plans, Weeks


def create_app():
    from late import Late

    app = Flask(__name__)
    api = Api(app, prefix="/api")

    api.add_resource(Coaches, "/coaches")
    api.add_resource(CoachById, "/coaches/<int:id>", endpoint="coach")

    api.add_resource(Plans, "/plans")
    api.add_resource(Weeks, "/weeks")
    plural = Api(app, prefix="/api/all")
    plural.add_resource(Late, "/late")

    socketio.init_app(app, async_mode="threading")
    bridge.init_app(app, socketio, api=api)
    return app
