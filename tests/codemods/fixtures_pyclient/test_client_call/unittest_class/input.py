import unittest

from shop import app


class CoachesTest(unittest.TestCase):
	def setUp(self):
		self.client = app.test_client()
		self.id = 3
		self.url = f"/coaches/{self.id}"

	def test_get(self):
		response = self.client.get(self.url)
		self.assertEqual(response.status_code, 200)
		print(response.json)

	def test_update(self):
		response = self.client.patch(self.url, json={
			"name": "Ann",
			"plans": [1],
		})
		self.assertEqual(response.status_code, 200)
		rv = self.client.open("/coaches", method="POST", json={"name": 'x"y'}, query_string={"dry": 1})
		self.assertEqual(rv.status_code, 201)
