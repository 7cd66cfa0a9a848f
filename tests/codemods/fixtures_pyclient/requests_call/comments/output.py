# the client
from bridge.pyclient import connect

BASE = "http://localhost:5555"
sio = connect(BASE, cookies=False)


def add():
    # before
    sio.call(  # noqa: S113
        # about the body
        "new_coach",
        {
            "name": "Ann",  # a name
            "plans": [
                1,
            ],
        },
    )  # after
    url = f"{BASE}/coaches"  # kept with its comment
    return sio.call("get_coaches").ok


print(add())
