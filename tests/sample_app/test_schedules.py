"""The timetable over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient

NEW = {"day": "Sunday", "hour": 18, "coach_id": 1, "workout_plan_id": 1}


def test_nests_coach_and_plan(client: FlaskClient) -> None:
    """A class shows who teaches what, and no more of them."""
    row = client.get("/schedules/1").json
    assert row["coach"] == {"id": 1, "name": "Maya Lindqvist"}
    assert row["workout_plan"] == {"id": 2, "name": "Heavy Monday", "difficulty": "Advanced"}
    assert client.get("/schedules").json[0] == row


def test_writes_need_a_login(client: FlaskClient) -> None:
    """Everybody reads the timetable, only a coach who is logged in writes it."""
    for answer in (
        client.post("/schedules", json=NEW),
        client.patch("/schedules/1", json={"hour": 9}),
        client.delete("/schedules/1"),
    ):
        assert (answer.status_code, answer.json) == (401, {"error": "Log in to change the timetable."})
    assert len(client.get("/schedules").json) == 18


def test_create_update_delete(coach: FlaskClient) -> None:
    """A class can be added, moved and taken off."""
    created = coach.post("/schedules", json=NEW)
    assert created.status_code == 201
    url = f"/schedules/{created.json['id']}"
    assert coach.patch(url, json={"day": "Saturday", "hour": 8}).json == {
        **created.json,
        "day": "Saturday",
        "hour": 8,
    }
    assert coach.delete(url).json == {"id": created.json["id"]}
    assert coach.get(url).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [("day", "Someday"), ("hour", 5), ("hour", 22), ("coach_id", 99), ("workout_plan_id", 0)],
)
def test_refused_fields(coach: FlaskClient, field: str, value: object) -> None:
    """A bad value is a 422 that names its field, on create and on update."""
    for answer in (
        coach.post("/schedules", json={**NEW, field: value}),
        coach.patch("/schedules/1", json={field: value}),
    ):
        assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_nobody_is_in_two_places(coach: FlaskClient) -> None:
    """A coach teaches one class at a time; two coaches may teach at once."""
    taken = {"day": "Monday", "hour": 7, "workout_plan_id": 1}
    answer = coach.post("/schedules", json={**taken, "coach_id": 1})
    assert (answer.status_code, list(answer.json["errors"])) == (409, ["hour"])
    assert coach.post("/schedules", json={**taken, "coach_id": 2}).status_code == 201


def test_many_threads(app: Flask) -> None:
    """Writes from several threads at once all arrive, once each."""

    def write(number: int) -> int:
        body = {"name": f"Move {number}", "focus": "Core"}
        return app.test_client().post("/exercise_moves", json=body).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(write, range(24))) == {201}
    assert app.test_client().get("/stats").json["exercise_moves"] == 44
