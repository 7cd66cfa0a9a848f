from flask import Flask
from flask_restful import Api
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
api = Api(app)
app.wsgi_app = ProxyFix(app.wsgi_app)

from shop import views
