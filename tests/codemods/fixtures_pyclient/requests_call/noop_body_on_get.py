import requests

requests.get("http://localhost:5555/coaches", json={"name": "Ann"})
