from flask import Flask
from flask_restful import Api, Resource

app = Flask(__name__)


class Coaches(Resource):
    def get(self):
        return []


api = Api(app)
api.add_resource(Coaches, "/coaches")

if __name__ == "__main__":
    app.run("0.0.0.0", 8000, True)
