from bridge import Bridge
from flask import Flask
from flask_restful import Api, Resource
from flask_socketio import SocketIO

socketio = SocketIO()
bridge = Bridge()

class Coaches(Resource):
	def get(self):
		return []

def create_app():
	app = Flask(__name__)
	api = Api(app)
	api.add_resource(Coaches, "/coaches")
	socketio.init_app(app, async_mode="threading")
	bridge.init_app(app, socketio, api=api)
	return app

if __name__ == "__main__":
	socketio.run(create_app(), debug=True, allow_unsafe_werkzeug=True)
