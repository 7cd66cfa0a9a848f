import json

import pytest
from shop import app


@pytest.fixture
def client():
    with app.test_client() as client:
        yield client


def test_list(client):
    response = client.get("/coaches?page=2", headers={"Authorization": "Bearer t"})
    print(response.status_code, response.json)
    assert response.status_code == 200
    assert response.get_json()[0]["name"] == "Ann"


def test_new(client):
    response = client.post(
        "/coaches",
        data=json.dumps({"name": "Ann"}),
        content_type="application/json",
    )
    print(response.status_code)
    print(json.loads(response.data))


def test_login_holds(client):
    client.post("/login", json={"name": "Ann"})
    print(client.get("/check_session").get_json(silent=True))
    with client.session_transaction() as session:
        session["name"] = "Bo"
    print(client.get("/check_session").get_json(force=True))


def test_delete(client):
    assert client.delete("/coaches/3").status_code == 204
