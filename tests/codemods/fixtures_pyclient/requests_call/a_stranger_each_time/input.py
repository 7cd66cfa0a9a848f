import requests

BASE = "http://localhost:5555"

print(requests.post(f"{BASE}/login", json={"name": "Ann"}).json())
# nobody is logged in here: requests.post() forgot the cookie
print(requests.get(f"{BASE}/check_session").json())
