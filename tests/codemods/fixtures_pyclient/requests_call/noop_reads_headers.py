import requests

r = requests.get("http://localhost:5555/coaches")
print(r.headers["ETag"], r.json())
