from bridge.pyclient import connect

BASE = "http://localhost:5555"


class Base:
    def __init__(self):
        self.http = connect(BASE)


class Api(Base):
    def who(self):
        return self.http.call("get_check_session").json()


print(Api().who())
