import requests

BASE = "http://localhost:5555"
requests.post(f"{BASE}/coaches", data={"name": "Ann"})
requests.post(f"{BASE}/coaches", files={"f": open(__file__)})
requests.post(f"{BASE}/coaches", json={}, headers={"Content-Type": "application/vnd.api+json"})
