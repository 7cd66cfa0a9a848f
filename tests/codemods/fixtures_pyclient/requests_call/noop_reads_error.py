import requests

try:
    requests.get("http://localhost:5555/coaches").raise_for_status()
except requests.HTTPError as error:
    print(error.response.text)
