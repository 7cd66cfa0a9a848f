import os

from bridge.pyclient import connect

BASE_URL = os.environ.get("COACHES_API", "http://localhost:5555")
sio = connect(BASE_URL, cookies=False)
HEADERS = {"Authorization": "Bearer abc", "Content-Type": "application/json"}


def page(number, only=None):
    answer = sio.call(
        "get_coaches",
        params={"page": number, "only": only, "all": True, "tag": ["a", "b"], "$headers": HEADERS},
    )
    return answer.json()


print(page(2))
print(page(3, "new"))
print(sio.call("get_coaches", params={"sort": "name", "dir": "a b", "$headers": {"Accept-Language": "de"}}).json())
params = {"q": "x y"}
print(sio.call("get_coaches", params=params).status)
