import requests
from flask import url_for

requests.get(url_for("coaches", _external=True))
