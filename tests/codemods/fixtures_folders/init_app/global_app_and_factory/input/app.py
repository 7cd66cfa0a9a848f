from flask import Flask
from flask_restful import Api
from resources import Coaches

app = Flask(__name__)


def create_app():
    global app
    api = Api(app)
    api.add_resource(Coaches, "/coaches")
    return app


if __name__ == "__main__":
    app = create_app()
    app.run(port=8080)
else:
    app = create_app()
