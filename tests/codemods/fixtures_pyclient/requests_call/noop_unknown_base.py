import os

import requests


def coaches(base):
    return requests.get(f"{base}/coaches").json()


def others():
    return requests.get(os.environ["API"] + "/coaches").json()
