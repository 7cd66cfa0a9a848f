from flask import Flask
from flask_restful import Api

from extensions import bridge, socketio
from resources import coaches  # noqa: F401 - its events
from resources.plans import Weeks


def create_app():
    import late  # noqa: F401 - its events

    app = Flask(__name__)
    api = Api(app, prefix="/api")

    api.add_resource(Weeks, "/weeks")
    plural = Api(app, prefix="/api/all")

    socketio.init_app(app, async_mode="threading")
    bridge.init_app(app, socketio, api=api)
    return app
