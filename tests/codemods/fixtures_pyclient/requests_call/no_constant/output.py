#!/usr/bin/env python3
from bridge.pyclient import connect

sio = connect("http://localhost:5555", cookies=False)


def main():
    user = sio.call("get_user", {"username": "Ann B"})
    print(user.json())
    print(sio.call("get_report", {"name": "year"}).status)
    print([sio.call("get_coach", {"id": n}).ok for n in range(2)])


if __name__ == "__main__":
    main()
