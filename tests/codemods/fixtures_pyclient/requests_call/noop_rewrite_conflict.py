import requests

BASE = "http://localhost:5555"
lang = {"a": "de"}
print(f"""{requests.get(BASE + '/coaches', headers={"Accept-Language": lang["a"]}).ok}""")
