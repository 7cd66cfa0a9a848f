from flask import Flask
from flask_restful import Api, Resource
from flask_socketio import SocketIO

app = Flask(__name__)
api = Api(app)
io = SocketIO(app, cors_allowed_origins="*")


@io.on("chat")
def chat(text):
    io.emit("chat", text)


class Coaches(Resource):
    def get(self):
        return []


api.add_resource(Coaches, "/coaches")

if __name__ == "__main__":
    io.run(app)
