import requests

print(requests.get("https://api.example.com/coaches").json())
