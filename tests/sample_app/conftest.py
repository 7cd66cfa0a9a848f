"""The seeded app on a database of its own, and clients of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sample_app.server.app import create_app
from sample_app.server.db import db
from sample_app.server.seed import PASSWORD, seed


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded database file; hashing the passwords for every test would take most of the time."""
    file = tmp_path_factory.mktemp("seeded") / "fitness.db"
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{file}"})
    seed(app)
    with app.app_context():
        db.engine.dispose()  # the last connection to close writes the log back into the file
    return file


@pytest.fixture
def app(tmp_path: Path, seeded: Path) -> Flask:
    file = shutil.copy(seeded, tmp_path)
    return create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{file}"})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def coach(app: Flask) -> FlaskClient:
    """A client that is logged in as Maya, coach 1."""
    client = app.test_client()
    assert client.post("/login", json={"username": "maya", "password": PASSWORD}).status_code == 200
    return client
