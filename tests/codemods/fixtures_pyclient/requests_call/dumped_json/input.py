import json
import requests

BASE = "http://localhost:5555"
row = {"name": "Ann"}
answer = requests.post(
    f"{BASE}/coaches",
    data=json.dumps(row),  # a row
    headers={"Content-Type": "application/json"},
)
print(json.loads(answer.text))
print(json.loads(requests.get(f"{BASE}/coaches").content.decode("utf-8")))
