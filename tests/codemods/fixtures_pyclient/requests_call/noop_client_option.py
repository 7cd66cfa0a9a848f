import requests

BASE = "http://localhost:5555"
requests.get(f"{BASE}/coaches", auth=("a", "b"))
requests.get(f"{BASE}/coaches", stream=True)
requests.get(f"{BASE}/coaches", verify=False)
requests.get(f"{BASE}/coaches", allow_redirects=False)
requests.get(f"{BASE}/coaches", cookies={"a": "b"})
requests.get(f"{BASE}/coaches", timeout=(3, 10))
