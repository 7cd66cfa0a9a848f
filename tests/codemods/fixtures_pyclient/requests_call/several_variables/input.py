import requests
from requests import get

BASE = "http://localhost:5555"


def both(is_new):
    if is_new:
        r = requests.post(f"{BASE}/coaches", json={"name": "Ann"})
    else:
        r = get(f"{BASE}/coaches/3")
    if r.status_code >= 400:
        return None
    data = r.json()
    for id in (1, 2):
        r = get(f"{BASE}/coaches/{id}")
        print(r.status_code)
    return data


print(both(True), both(False))
