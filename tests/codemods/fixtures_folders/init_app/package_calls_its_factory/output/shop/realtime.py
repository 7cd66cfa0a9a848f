"""The Socket.IO side of the app; it gets the app where that is set up."""

from bridge import Bridge
from flask_socketio import SocketIO

socketio = SocketIO()
bridge = Bridge()
