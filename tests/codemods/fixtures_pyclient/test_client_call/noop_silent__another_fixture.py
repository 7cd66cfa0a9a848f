import pytest


@pytest.fixture
def client():
    return {}


def test(client):
    client.get("/coaches")
