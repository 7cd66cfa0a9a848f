import requests


def get(kind):
    requests.get(f"http://localhost:5555/coaches/no-{kind}")
