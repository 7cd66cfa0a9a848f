import os

import requests

BASE_URL = os.environ.get("COACHES_API", "http://localhost:5555")
HEADERS = {"Authorization": "Bearer abc", "Content-Type": "application/json"}


def page(number, only=None):
    answer = requests.get(
        f"{BASE_URL}/coaches",
        params={"page": number, "only": only, "all": True, "tag": ["a", "b"]},
        headers=HEADERS,
    )
    return answer.json()


print(page(2))
print(page(3, "new"))
print(requests.get(f"{BASE_URL}/coaches?sort=name&dir=a%20b", headers={"Accept-Language": "de"}).json())
params = {"q": "x y"}
print(requests.get(f"{BASE_URL}/coaches", params=params).status_code)
