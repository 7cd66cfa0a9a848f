from flask import Flask
from flask_restful import Api
from flask_sqlalchemy import SQLAlchemy

# Instantiate app, set attributes
app = Flask(__name__)
app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///:memory:'

db = SQLAlchemy()
db.init_app(app)

# Instantiate REST API
api = Api(app)

# Answers are for people
app.json.compact = False
