from shop import app

client = app.test_client()
response = client.post("/login", json={})
assert response.status_code == 302
