from bridge.pyclient import connect

BASE = "http://localhost:5555"
sio = connect(BASE, cookies=False)

print(sio.call("login", {"name": "Ann"}).json())
# nobody is logged in here: requests.post() forgot the cookie
print(sio.call("get_check_session").json())
