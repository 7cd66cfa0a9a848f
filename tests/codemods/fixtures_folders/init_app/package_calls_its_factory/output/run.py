from shop import app
from shop.realtime import socketio

socketio.run(app, allow_unsafe_werkzeug=True)
