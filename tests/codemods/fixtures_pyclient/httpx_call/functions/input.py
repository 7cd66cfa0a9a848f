import httpx

BASE = "http://localhost:5555"

r = httpx.get(f"{BASE}/coaches", params={"page": 2})
print(r.status_code, r.is_success)
try:
    httpx.post(f"{BASE}/coaches", json={"name": "Ann"}).raise_for_status()
    print(httpx.get(f"{BASE}/coaches/3").json())
except httpx.HTTPStatusError:
    print("refused")
except httpx.ConnectError:
    print("nobody")
except httpx.TimeoutException:
    print("late")
except ValueError:
    print("no JSON")
