import requests

r: requests.Response = requests.get("http://localhost:5555/coaches")
