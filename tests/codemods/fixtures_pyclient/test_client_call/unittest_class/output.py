import unittest

from shop import app


class CoachesTest(unittest.TestCase):
	def setUp(self):
		self.client = app.test_client()
		self.id = 3
		self.url = f"/coaches/{self.id}"

	def test_get(self):
		response = self.client.call("get_coach", {"id": 3})
		self.assertEqual(response.status, 200)
		print(response.get_json())

	def test_update(self):
		response = self.client.call("update_coach", {"id": 3}, {
			"name": "Ann",
			"plans": [1],
		})
		self.assertEqual(response.status, 200)
		rv = self.client.call("new_coach", {"dry": 1}, {"name": 'x"y'})
		self.assertEqual(rv.status, 201)
