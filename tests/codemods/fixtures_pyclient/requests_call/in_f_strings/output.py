from bridge.pyclient import connect

BASE = "http://localhost:5555"
sio = connect(BASE, cookies=False)

r = sio.call("get_coach", {"id": 3})
print(f"é {r.status} {r.json()['name']}")
print(f"""
  {r.status!r:>5} and {r.ok}
""" f"{r.status}")
print(f"{sio.call('get_coach', {'id': 4}).status}")
print(f'{sio.call("update_coach", {"id": 4}, 3).ok}')
