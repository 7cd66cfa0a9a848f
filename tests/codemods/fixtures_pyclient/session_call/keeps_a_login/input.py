import requests

BASE = "http://localhost:5555"

session = requests.Session()
session.headers.update({"X-Api-Key": "k"})
r = session.post(f"{BASE}/login", json={"name": "Ann"})
print(r.ok)
session.headers["Authorization"] = "Bearer t"
print(session.get(f"{BASE}/check_session").json())
print(session.delete(f"{BASE}/logout").status_code)
print(session.get(f"{BASE}/check_session").json())
session.close()
