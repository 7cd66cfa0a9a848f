from flask import Flask
from flask_restful import Api, Resource

class Coaches(Resource):
	def get(self):
		return []

def create_app():
	app = Flask(__name__)
	api = Api(app)
	api.add_resource(Coaches, "/coaches")
	return app

if __name__ == "__main__":
	create_app().run(debug=True)
