from flask import Flask
from flask_restful import Api, Resource

app = Flask(__name__)
rest = Api(app)
CORS_ORIGINS = []


class Coaches(Resource):
    def get(self):
        return []


rest.add_resource(Coaches, "/coaches")

if __name__ == "__main__":
    app.run()
