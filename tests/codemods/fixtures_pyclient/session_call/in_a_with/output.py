from bridge.pyclient import connect

BASE = "http://localhost:5555"


def run():
    with connect(BASE) as http:
        http.call("login", {"name": "Ann"}).raise_for_status()
        return http.call("get_check_session").json()


print(run())
