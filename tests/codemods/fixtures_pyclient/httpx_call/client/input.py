import httpx

with httpx.Client(base_url="http://localhost:5555", headers={"X-Api-Key": "k"}, timeout=2) as client:
    client.post("/login", json={"name": "Ann"})
    print(client.get("check_session").json())
    print(client.get("/coaches/3").status_code)
