from bridge.pyclient import connect

BASE = "http://localhost:5555"

session = connect(BASE)
session.headers.update({"X-Api-Key": "k"})
r = session.call("login", {"name": "Ann"})
print(r.ok)
session.headers["Authorization"] = "Bearer t"
print(session.call("get_check_session").json())
print(session.call("delete_logout").status)
print(session.call("get_check_session").json())
session.close()
