from bridge.pyclient import connect

HOST = "http://localhost:5555"
sio = connect(HOST, cookies=False)


def both(row):
    r = sio.call("get_coach", {"id": row["id"]})
    print(r.status)
    row = {"id": 4}
    r = sio.call("update_coach", {"id": row["id"]}, row)
    print(r.ok)


both({"id": 3})
