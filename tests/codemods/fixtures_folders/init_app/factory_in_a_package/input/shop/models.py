from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Coach(db.Model):
    id = db.Column(db.Integer, primary_key=True)
