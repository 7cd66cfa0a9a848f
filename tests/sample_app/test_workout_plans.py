"""Workout plans over HTTP."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

NEW = {"name": "Slow start", "difficulty": "Beginner", "minutes": 30, "exercise_move_ids": [15, 1]}


def test_plan_nests_its_moves(client: FlaskClient) -> None:
    """A plan carries its moves whole, but for their cues."""
    plan = client.get("/workout_plans/1").json
    assert [move["name"] for move in plan["exercise_moves"]] == [
        "Back squat",
        "Deadlift",
        "Bench press",
        "Overhead press",
    ]
    assert set(plan["exercise_moves"][0]) == {"id", "name", "focus", "equipment"}
    assert client.get("/workout_plans").json[0] == plan


def test_create_update_delete(client: FlaskClient) -> None:
    """A plan takes its moves by id, keeps them through an update without any, and can be deleted."""
    created = client.post("/workout_plans", json=NEW)
    assert created.status_code == 201
    plan = created.json
    assert [move["id"] for move in plan["exercise_moves"]] == [1, 15]
    url = f"/workout_plans/{plan['id']}"
    assert client.patch(url, json={"minutes": 35}).json == {**plan, "minutes": 35}
    assert client.patch(url, json={"exercise_move_ids": []}).json["exercise_moves"] == []
    assert client.delete(url).json["id"] == plan["id"]
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("difficulty", "Easy"),
        ("minutes", 33),
        ("minutes", 5),
        ("exercise_move_ids", [1, 999]),
    ],
)
def test_refused_fields(client: FlaskClient, field: str, value: object) -> None:
    """A bad value is a 422 that names its field, on create and on update, and nothing is written."""
    before = client.get("/workout_plans").json
    for answer in (
        client.post("/workout_plans", json={**NEW, field: value}),
        client.patch("/workout_plans/1", json={field: value}),
    ):
        assert answer.status_code == 422
        assert list(answer.json["errors"]) == [field]
    assert client.get("/workout_plans").json == before


def test_name_clash(client: FlaskClient) -> None:
    """Two plans never share a name."""
    assert client.post("/workout_plans", json={**NEW, "name": "Bells only"}).status_code == 409
    answer = client.patch("/workout_plans/1", json={"name": "Bells only"})
    assert (answer.status_code, list(answer.json["errors"])) == (409, ["name"])


def test_plan_on_the_timetable_stays(client: FlaskClient) -> None:
    """A plan that is taught cannot be deleted, and the answer says why."""
    answer = client.delete("/workout_plans/1")
    assert answer.status_code == 409
    assert answer.json == {"error": "First barbell is on the timetable. Take it off there first."}
    assert client.get("/workout_plans/1").status_code == 200


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_unknown(client: FlaskClient, method: str) -> None:
    """A plan that does not exist is a 404 with a message."""
    arguments = {"json": {}} if method == "patch" else {}
    answer = getattr(client, method)("/workout_plans/99", **arguments)
    assert (answer.status_code, answer.json) == (404, {"message": "There is no workout plan 99."})
