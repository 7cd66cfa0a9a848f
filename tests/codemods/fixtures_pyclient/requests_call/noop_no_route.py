import requests

print(requests.get("http://localhost:5555/couches").json())
