import json
import unittest

from shop import app


class ApiTest(unittest.TestCase):
    path = "/coaches/{0}"

    def setUp(self):
        self.client = app.test_client()

    def unserialize(self, response):
        assert response.headers["Content-Type"] == "application/json"
        return json.loads(response.data)

    def test_get(self):
        resp = self.client.call("get_coach", {"id": 3})
        assert resp.status == 200
        data = resp.json()
        print(data["name"])
