from shop import app

client = app.test_client()
client.get("coaches")
