from bridge.pyclient import connect

BASE = "http://localhost:5555"


class Api:
    """A client of the studio's API."""

    def __init__(self):
        self.session = connect(BASE)

    def login(self, name):
        return self.session.call("login", {"name": name}).ok

    def who(self):
        response = self.session.call("get_check_session", timeout=10)
        response.raise_for_status()
        return response.json()


api = Api()
print(api.login("Ann"))
print(api.who())
