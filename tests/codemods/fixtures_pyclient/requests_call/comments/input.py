import requests  # the client

BASE = "http://localhost:5555"


def add():
    # before
    requests.post(  # noqa: S113
        f"{BASE}/coaches",
        # about the body
        json={
            "name": "Ann",  # a name
            "plans": [
                1,
            ],
        },
    )  # after
    url = f"{BASE}/coaches"  # kept with its comment
    return requests.get(url).ok


print(add())
