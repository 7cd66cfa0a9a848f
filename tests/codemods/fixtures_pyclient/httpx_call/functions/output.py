import httpx
from bridge.pyclient import connect

BASE = "http://localhost:5555"
sio = connect(BASE, cookies=False)

r = sio.call("get_coaches", params={"page": 2})
print(r.status, r.ok)
try:
    sio.call("new_coach", {"name": "Ann"}).raise_for_status()
    print(sio.call("get_coach", {"id": 3}).json())
except httpx.HTTPStatusError:
    print("refused")
except httpx.ConnectError:
    print("nobody")
except httpx.TimeoutException:
    print("late")
except ValueError:
    print("no JSON")
