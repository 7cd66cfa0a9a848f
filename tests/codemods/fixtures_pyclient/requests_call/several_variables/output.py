from bridge.pyclient import connect

BASE = "http://localhost:5555"
sio = connect(BASE, cookies=False)


def both(is_new):
    if is_new:
        r = sio.call("new_coach", {"name": "Ann"})
    else:
        r = sio.call("get_coach", {"id": 3})
    if r.status >= 400:
        return None
    data = r.json()
    for id in (1, 2):
        r = sio.call("get_coach", {"id": id})
        print(r.status)
    return data


print(both(True), both(False))
