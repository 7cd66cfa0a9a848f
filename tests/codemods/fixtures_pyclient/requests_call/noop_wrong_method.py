import requests

requests.put("http://localhost:5555/coaches", json={})
