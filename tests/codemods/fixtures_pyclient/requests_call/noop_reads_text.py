import requests

print(requests.get("http://localhost:5555/coaches").text)
