from bridge import Bridge
from flask import Flask
from flask_restful import Api
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()
socketio = SocketIO()
bridge = Bridge()
LIMIT = 10


def create_app():
    from .resources import Coaches

    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db.init_app(app)
    api = Api(app)
    api.add_resource(Coaches, "/coaches")
    socketio.init_app(app, async_mode="threading")
    bridge.init_app(app, socketio, db=db, api=api)
    return app
