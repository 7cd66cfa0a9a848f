import requests

URL = "http://localhost:5555/coaches"


def names():
    try:
        response = requests.get(URL, timeout=0.5)
        response.raise_for_status()
        return [row["name"] for row in response.json()]
    except requests.exceptions.HTTPError:
        return "refused"
    except requests.Timeout:
        return "late"
    except requests.exceptions.ConnectionError:
        return "nobody"
    except ValueError:
        return "no JSON"
    except requests.RequestException:
        return "else"


print(names())
try:
    print(requests.get(URL, timeout=0.5).json())
except requests.RequestException as error:
    print(isinstance(error, ValueError), isinstance(error, OSError))
