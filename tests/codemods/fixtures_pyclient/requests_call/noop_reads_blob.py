import requests

r = requests.get("http://localhost:5555/files/a/b")
with open("/tmp/x", "wb") as out:
    out.write(r.content)
