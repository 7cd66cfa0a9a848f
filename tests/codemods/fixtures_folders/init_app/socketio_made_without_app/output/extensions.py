from bridge import Bridge
from flask_socketio import SocketIO

socketio = SocketIO()

bridge = Bridge()
