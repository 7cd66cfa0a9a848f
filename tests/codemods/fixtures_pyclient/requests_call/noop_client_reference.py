import requests

send = requests.post
for verb in (requests.get, requests.delete):
    print(verb.__name__)
