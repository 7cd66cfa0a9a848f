import requests


def coaches(base="http://localhost:5555"):
    return requests.get(f"{base}/coaches").json()
