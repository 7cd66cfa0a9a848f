from flask import Flask
from flask_restful import Api


def make():
    app = Flask(__name__)
    _extend(app)
    return app


def _extend(app):
    global rest
    rest = Api(app)


app = make()

import shop.views
