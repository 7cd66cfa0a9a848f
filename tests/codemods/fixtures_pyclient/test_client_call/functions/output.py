
import pytest
from shop import app


@pytest.fixture
def client():
    with app.test_client() as client:
        yield client


def test_list(client):
    response = client.call("get_coaches", params={"page": "2", "$headers": {"Authorization": "Bearer t"}})
    print(response.status, response.get_json())
    assert response.status == 200
    assert response.get_json()[0]["name"] == "Ann"


def test_new(client):
    response = client.call("new_coach", {"name": "Ann"})
    print(response.status)
    print(response.json())


def test_login_holds(client):
    client.call("login", {"name": "Ann"})
    print(client.call("get_check_session").get_json(silent=True))
    with client.session_transaction() as session:
        session["name"] = "Bo"
    print(client.call("get_check_session").json())


def test_delete(client):
    assert client.call("delete_coach", {"id": 3}).status == 204
