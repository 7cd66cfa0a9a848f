from database import bridge, db, socketio
from flask import Flask
from flask_restful import Api
from resources import Coaches

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
db.init_app(app)
api = Api(app)
socketio.init_app(app, async_mode="threading")
bridge.init_app(app, socketio, db=db, api=api)
api.add_resource(Coaches, "/coaches")


def main():
    socketio.run(
        app,
        host="0.0.0.0",
        port=8000,
        allow_unsafe_werkzeug=True,
    )


if __name__ == "__main__":
    main()
