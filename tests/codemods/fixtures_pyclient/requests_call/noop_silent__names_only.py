"""Says requests.get("http://localhost:5555/coaches") in a text."""

requests = []
requests.append({"get": 1})
print({"a": 1}.get("http://localhost:5555/coaches"))
