import requests

HOST = "http://localhost:5555"


def both(row):
    path = "/coaches/{0}".format(row["id"])
    r = requests.get(HOST + path)
    print(r.status_code)
    row = {"id": 4}
    path = "/coaches/{0}".format(row["id"])
    r = requests.patch(HOST + path, json=row)
    print(r.ok)


both({"id": 3})
