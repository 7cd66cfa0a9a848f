"""Exercise moves over HTTP."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

NEW = {"name": "Bear crawl", "focus": "Full body", "equipment": "", "cue": "Knees low."}


def test_filter(client: FlaskClient) -> None:
    """The query string narrows the list to one focus, and an unknown one to nothing."""
    assert len(client.get("/exercise_moves").json) == 20
    legs = client.get("/exercise_moves?focus=Legs").json
    assert [move["name"] for move in legs] == ["Back squat", "Walking lunge", "Step-up", "Goblet squat"]
    assert len(client.get("/exercise_moves?focus=Full body").json) == 3
    assert client.get("/exercise_moves?focus=Ears").json == []


def test_create_update_delete(client: FlaskClient) -> None:
    """A move can be added, changed and deleted, and goes out of its plans."""
    created = client.post("/exercise_moves", json=NEW)
    assert created.status_code == 201
    url = f"/exercise_moves/{created.json['id']}"
    assert client.get(url).json == created.json
    assert client.patch(url, json={**created.json, "focus": "Core"}).json["focus"] == "Core"
    assert client.delete(url).status_code == 200
    assert client.get(url).json == {"error": "Exercise move not found"}


def test_delete_leaves_plans(client: FlaskClient) -> None:
    """Plans lose a deleted move and stay otherwise as they were."""
    client.delete("/exercise_moves/1")
    plan = client.get("/workout_plans/1").json
    assert [move["id"] for move in plan["exercise_moves"]] == [5, 8, 11]


def test_name_clash(client: FlaskClient) -> None:
    """A name that is taken is a 409 with one sentence, not with fields."""
    for answer in (
        client.post("/exercise_moves", json={**NEW, "name": "Plank"}),
        client.patch("/exercise_moves/1", json={"name": "Plank"}),
    ):
        assert answer.status_code == 409
        assert answer.json == {"error": "There is a move of this name already."}


@pytest.mark.parametrize(("field", "value"), [("name", "B"), ("focus", "Ears"), ("cue", "x" * 281)])
def test_refused_fields(client: FlaskClient, field: str, value: str) -> None:
    """A bad value is a 422 that names its field."""
    answer = client.post("/exercise_moves", json={**NEW, field: value})
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_missing_fields(client: FlaskClient) -> None:
    """Every missing field is named at once."""
    answer = client.post("/exercise_moves", json={})
    assert set(answer.json["errors"]) == {"name", "focus"}
