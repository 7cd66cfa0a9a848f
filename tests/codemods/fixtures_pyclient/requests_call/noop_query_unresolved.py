import requests

BASE = "http://localhost:5555"
requests.get(f"{BASE}/coaches?a=1&a=2")
requests.get(f"{BASE}/coaches/3", params={"id": 4})
