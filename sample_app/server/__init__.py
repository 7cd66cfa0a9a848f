"""The fitness studio's back end as it was before the move: Flask, Flask-RESTful and no sockets."""
