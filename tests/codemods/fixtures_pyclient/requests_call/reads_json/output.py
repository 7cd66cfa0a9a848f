"""Shows a coach."""

from bridge.pyclient import connect

BASE = "http://localhost:5555"
sio = connect(BASE, cookies=False)


def coach(id):
    # the one that was asked for
    response = sio.call("get_coach", {"id": id}, timeout=5)
    response.raise_for_status()
    return response.json()


print(coach(3)["name"])
