import requests

BASE = "http://localhost:5555"

r = requests.get(f"{BASE}/coaches/3")
print(f"é {r.status_code} {r.json()['name']}")
print(f"""
  {r.status_code!r:>5} and {r.ok}
""" f"{r.status_code}")
print(f"{requests.get(BASE + '/coaches/4').status_code}")
print(f'{requests.patch(BASE + "/coaches/4", json=3).ok}')
