from bridge import Bridge
from flask import Flask
from flask_restful import Api
from flask_socketio import SocketIO
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
api = Api(app)
app.wsgi_app = ProxyFix(app.wsgi_app)

# An event beside every route (fetch2socket), for pages of the same origin.
socketio = SocketIO(app, async_mode="threading")
bridge = Bridge(app, socketio, api=api)

from shop import views
