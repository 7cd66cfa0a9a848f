"""Shows a coach."""

import requests

BASE = "http://localhost:5555"


def coach(id):
    # the one that was asked for
    response = requests.get(f"{BASE}/coaches/{id}", timeout=5)
    response.raise_for_status()
    return response.json()


print(coach(3)["name"])
