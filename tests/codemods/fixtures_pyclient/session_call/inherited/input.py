import requests

BASE = "http://localhost:5555"


class Base:
    def __init__(self):
        self.http = requests.Session()


class Api(Base):
    def who(self):
        return self.http.get(f"{BASE}/check_session").json()


print(Api().who())
