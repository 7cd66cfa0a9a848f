import requests
from requests.adapters import HTTPAdapter

BASE = "http://localhost:5555"

mounted = requests.Session()
mounted.mount("http://", HTTPAdapter(max_retries=3))
mounted.get(f"{BASE}/coaches")


def helper(session):
    pass


handed = requests.Session()
helper(handed)
handed.get(f"{BASE}/coaches")
