from flask import Flask
from flask_socketio import SocketIO

from bridge import Bridge

app = Flask(__name__)
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio)

if __name__ == "__main__":
    app.run(processes=4, threaded=False)
