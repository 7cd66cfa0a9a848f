import requests

BASE = "http://localhost:5555"


class Api:
    """A client of the studio's API."""

    def __init__(self):
        self.session = requests.Session()

    def login(self, name):
        return self.session.post(f"{BASE}/login", json={"name": name}).ok

    def who(self):
        response = self.session.get(f"{BASE}/check_session", timeout=10)
        response.raise_for_status()
        return response.json()


api = Api()
print(api.login("Ann"))
print(api.who())
