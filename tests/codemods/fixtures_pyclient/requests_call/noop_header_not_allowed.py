import requests

requests.get("http://localhost:5555/coaches", headers={"X-Api-Key": "k"})
