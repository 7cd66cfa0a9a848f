import httpx

client = httpx.Client(base_url="http://localhost:5555", auth=("a", "b"))
client.get("/coaches")
