import requests

API = "http://localhost:5555"

r = requests.post(API + "/coaches", json={"name": "Maya"})
print(r.status_code, r.ok)
r = requests.patch("%s/coaches/%d" % (API, 3), json={"name": "Ann", "age": 1.0})
print(r.status_code)
r = requests.put("{}/coaches/{}".format(API, 3), json=[1, None, True])
print(r.ok)
r = requests.delete(API + "/coaches/3")
if not r.ok:
    print("not deleted", r.status_code)
requests.request("POST", f"{API}/coaches/3/votes")
