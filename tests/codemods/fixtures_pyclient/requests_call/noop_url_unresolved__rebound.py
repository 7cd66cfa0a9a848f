import requests

HOST = "http://localhost:5555"


def get(id):
    url = f"{HOST}/coaches/{id}"
    id = 4
    for id in range(3):
        requests.get(url)
    print(id)
