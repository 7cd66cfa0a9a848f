from database import db
from flask import Flask
from flask_restful import Api
from resources import Coaches

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
db.init_app(app)
api = Api(app)
api.add_resource(Coaches, "/coaches")


def main():
    app.run(
        host="0.0.0.0",
        threaded=True,
        port=8000,
    )


if __name__ == "__main__":
    main()
