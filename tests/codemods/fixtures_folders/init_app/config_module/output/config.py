from bridge import Bridge
from flask import Flask
from flask_restful import Api
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy

# Instantiate app, set attributes
app = Flask(__name__)
app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///:memory:'

db = SQLAlchemy()
db.init_app(app)

# Instantiate REST API
api = Api(app)

# An event beside every route (fetch2socket), for pages of the same origin.
socketio = SocketIO(app, async_mode='threading')
bridge = Bridge(app, socketio, db=db, api=api)

# Answers are for people
app.json.compact = False
