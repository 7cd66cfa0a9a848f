import pytest


@pytest.fixture
def build_client(app):
    def build():
        return app.test_client()

    return build


@pytest.fixture
def client(app):
    return app.test_client()


class TestMore:
    def test(self, client):
        client.get("/nothing")
