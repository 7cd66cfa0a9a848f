from bridge.pyclient import connect

with connect("http://localhost:5555", headers={"X-Api-Key": "k"}, timeout=2) as client:
    client.call("login", {"name": "Ann"})
    print(client.call("get_check_session").json())
    print(client.call("get_coach", {"id": 3}).status)
