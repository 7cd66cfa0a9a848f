from flask import Flask
from flask_restful import Api

from shop.realtime import bridge, socketio


def make():
    app = Flask(__name__)
    _extend(app)
    socketio.init_app(app, async_mode="threading")
    bridge.init_app(app, socketio, api=rest)
    return app


def _extend(app):
    global rest
    rest = Api(app)


app = make()

import shop.views
