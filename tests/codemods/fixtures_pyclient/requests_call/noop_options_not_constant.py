import requests

BASE = "http://localhost:5555"


def get(headers, **options):
    requests.get(f"{BASE}/coaches", headers=headers)
    requests.get(f"{BASE}/coaches", **options)
