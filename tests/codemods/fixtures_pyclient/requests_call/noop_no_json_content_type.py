import json

import requests

requests.post("http://localhost:5555/coaches", data=json.dumps({"name": "Ann"}))
