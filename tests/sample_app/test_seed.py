"""The sample data, and the app around them."""

from __future__ import annotations

import pytest
from flask import Flask

from sample_app.server.app import create_app
from sample_app.server.seed import seed

LISTS = ("/coaches", "/workout_plans", "/exercise_moves", "/schedules")


def test_deterministic(app: Flask) -> None:
    """Seeding again, after whatever was written, gives the same answers byte for byte."""
    client = app.test_client()
    first = [client.get(path).data for path in LISTS]
    client.delete("/coaches/3")
    client.post("/exercise_moves", json={"name": "Bear crawl", "focus": "Core"})
    assert [client.get(path).data for path in LISTS] != first
    seed(app)
    assert [client.get(path).data for path in LISTS] == first


def test_stats(app: Flask) -> None:
    """The dashboard's numbers are those of the sample data, and other origins may read them."""
    answer = app.test_client().get("/stats")
    assert answer.json == {"coaches": 8, "workout_plans": 8, "exercise_moves": 20, "schedules": 18}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_secret_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's SECRET_KEY wins over the one for development, and the config over both."""
    memory = {"SQLALCHEMY_DATABASE_URI": "sqlite://"}
    monkeypatch.delenv("SECRET_KEY", raising=False)
    assert create_app(memory).config["SECRET_KEY"] == "only-for-development"
    monkeypatch.setenv("SECRET_KEY", "from outside")
    assert create_app(memory).config["SECRET_KEY"] == "from outside"
    assert create_app({**memory, "SECRET_KEY": "given"}).config["SECRET_KEY"] == "given"
