import requests


def ask(method):
    requests.request(method, "http://localhost:5555/coaches")
