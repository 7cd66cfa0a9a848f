#!/usr/bin/env python3
import requests


def main():
    url = "http://localhost:5555/users/" + requests.utils.quote("Ann B", safe="")
    user = requests.get(url)
    print(user.json())
    print(requests.get("http://localhost:5555/reports/year.json").status_code)
    print([requests.get(f"http://localhost:5555/coaches/{n}").ok for n in range(2)])


if __name__ == "__main__":
    main()
