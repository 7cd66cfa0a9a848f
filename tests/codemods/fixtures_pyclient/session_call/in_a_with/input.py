import requests

BASE = "http://localhost:5555"


def run():
    with requests.Session() as http:
        http.post(BASE + "/login", json={"name": "Ann"}).raise_for_status()
        return http.get(BASE + "/check_session").json()


print(run())
