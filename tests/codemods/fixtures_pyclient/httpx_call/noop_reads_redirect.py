import httpx

r = httpx.get("http://localhost:5555/coaches")
assert r.status_code == 302
