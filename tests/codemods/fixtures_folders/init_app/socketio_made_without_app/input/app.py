from extensions import socketio
from flask import Flask
from flask_restful import Api
from resources import Coaches


def create_app():
    app = Flask(__name__)
    api = Api(app)
    api.add_resource(Coaches, "/coaches")
    socketio.init_app(app)
    return app


if __name__ == "__main__":
    app = create_app()
    socketio.run(app)
