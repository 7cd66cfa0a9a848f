from flask import Flask
from flask_restful import Api
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()
LIMIT = 10


def create_app():
    from .resources import Coaches

    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db.init_app(app)
    api = Api(app)
    api.add_resource(Coaches, "/coaches")
    return app
