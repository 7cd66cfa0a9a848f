from bridge import Bridge
from flask import Flask
from flask_socketio import SocketIO

OPTIONS = {"port": 8000}
app = Flask(__name__)

# An event beside every route (fetch2socket), for pages of the same origin.
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio)

if __name__ == "__main__":
    app.run(**OPTIONS)
