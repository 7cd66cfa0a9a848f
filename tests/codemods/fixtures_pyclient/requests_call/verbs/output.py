from bridge.pyclient import connect

API = "http://localhost:5555"
sio = connect(API, cookies=False)

r = sio.call("new_coach", {"name": "Maya"})
print(r.status, r.ok)
r = sio.call("update_coach", {"id": 3}, {"name": "Ann", "age": 1.0})
print(r.status)
r = sio.call("replace_coach", {"id": 3}, [1, None, True])
print(r.ok)
r = sio.call("delete_coach", {"id": 3})
if not r.ok:
    print("not deleted", r.status)
sio.call("new_coach_vote", params={"id": 3})
