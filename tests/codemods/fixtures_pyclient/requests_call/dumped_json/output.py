from bridge.pyclient import connect

BASE = "http://localhost:5555"
sio = connect(BASE, cookies=False)
row = {"name": "Ann"}
answer = sio.call(
    # a row
    "new_coach",
    row,
)
print(answer.json())
print(sio.call("get_coaches").json())
