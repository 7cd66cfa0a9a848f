import requests

BASE = "http://localhost:5555"


def get(id):
    return requests.get(f"{BASE}/coaches/{id}")


def check(response):
    assert response.ok


r = requests.get(f"{BASE}/coaches")
check(r)
responses = [requests.get(f"{BASE}/coaches")]
if r:
    print("truth")
