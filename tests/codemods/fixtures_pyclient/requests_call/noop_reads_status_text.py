import requests

r = requests.get("http://localhost:5555/coaches")
print(r.status_code, r.reason)
