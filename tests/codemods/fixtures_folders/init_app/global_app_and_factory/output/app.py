from flask import Flask
from flask_restful import Api
from realtime import bridge, socketio
from resources import Coaches

app = Flask(__name__)


def create_app():
    global app
    api = Api(app)
    api.add_resource(Coaches, "/coaches")
    socketio.init_app(app, async_mode="threading")
    bridge.init_app(app, socketio, api=api)
    return app


if __name__ == "__main__":
    app = create_app()
    socketio.run(app, port=8080, allow_unsafe_werkzeug=True)
else:
    app = create_app()
