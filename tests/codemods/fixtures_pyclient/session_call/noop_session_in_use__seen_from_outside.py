import requests

BASE = "http://localhost:5555"


class Api:
    def __init__(self):
        self.session = requests.Session()

    def who(self):
        return self.session.get(f"{BASE}/check_session").json()


api = Api()
api.session.get(f"{BASE}/coaches")
