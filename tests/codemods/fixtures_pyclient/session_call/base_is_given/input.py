import requests


class Api:
    def __init__(self, base="http://localhost:5555/", token=None):
        self.base = base.rstrip("/")
        self.session = requests.Session()
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def coach(self, id):
        response = self.session.get(f"{self.base}/coaches/{id}")
        response.raise_for_status()
        return response.json()

    def rename(self, id, name):
        return self.session.patch("{}/coaches/{}".format(self.base, id), json={"name": name}).ok


api = Api(token="t")
print(api.coach(3)["name"])
print(api.rename(3, "Ann"))
