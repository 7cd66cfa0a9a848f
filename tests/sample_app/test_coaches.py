"""Coaches over HTTP."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

NEW = {"name": "Ida Holm", "age": 30, "specialty": "Rowing", "bio": "", "username": "", "password": ""}


def test_list_and_single(client: FlaskClient) -> None:
    """A coach of the list is the coach one gets by id."""
    coaches = client.get("/coaches").json
    assert len(coaches) == 8
    assert client.get("/coaches/1").json == coaches[0]
    assert set(coaches[0]) == {"id", "name", "age", "specialty", "bio", "username"}


def test_password_stays_inside(client: FlaskClient) -> None:
    """No answer ever holds a password or its hash."""
    created = client.post("/coaches", json={**NEW, "username": "ida", "password": "eight-chars"})
    assert created.status_code == 201
    assert "password" not in created.text
    assert "password" not in client.get("/coaches").text


def test_create_update_delete(client: FlaskClient) -> None:
    """A coach can be added, changed in part, and removed with an empty answer."""
    coach = client.post("/coaches", json=NEW).json
    assert coach["username"] is None
    changed = client.patch(f"/coaches/{coach['id']}", json={"id": 1, "age": 31})
    assert changed.status_code == 200
    assert changed.json == {**coach, "age": 31}
    gone = client.delete(f"/coaches/{coach['id']}")
    assert (gone.status_code, gone.data) == (204, b"")
    assert client.get(f"/coaches/{coach['id']}").status_code == 404


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_unknown(client: FlaskClient, method: str) -> None:
    """A coach who does not exist is a 404 with one sentence."""
    arguments = {"json": {}} if method == "patch" else {}
    answer = getattr(client, method)("/coaches/99", **arguments)
    assert (answer.status_code, answer.json) == (404, {"error": "Coach not found"})


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "R2"), ("name", "X"), ("age", 17), ("age", "old"), ("username", "Ida"), ("password", "short")],
)
def test_refused_fields(client: FlaskClient, field: str, value: object) -> None:
    """A bad value is a 422 that names its field, on create and on update, and nothing is written."""
    before = client.get("/coaches").json
    for answer in (
        client.post("/coaches", json={**NEW, field: value}),
        client.patch("/coaches/1", json={field: value}),
    ):
        assert answer.status_code == 422
        assert list(answer.json["errors"]) == [field]
    assert client.get("/coaches").json == before


def test_username_clash(client: FlaskClient) -> None:
    """A username that is taken is a 409, and the next request works."""
    answer = client.post("/coaches", json={**NEW, "username": "maya", "password": "eight-chars"})
    assert (answer.status_code, list(answer.json["errors"])) == (409, ["username"])
    assert client.patch("/coaches/4", json={"username": "maya"}).status_code == 409
    assert client.get("/coaches").status_code == 200


def test_classes_of_a_coach(client: FlaskClient) -> None:
    """The nested rule lists the classes of that coach only."""
    classes = client.get("/coaches/1/schedules").json
    assert {row["coach"]["name"] for row in classes} == {"Maya Lindqvist"}
    assert len(classes) == 3
    assert client.get("/coaches/99/schedules").status_code == 404


def test_delete_takes_classes_along(client: FlaskClient) -> None:
    """Removing a coach removes their classes."""
    client.delete("/coaches/1")
    assert all(row["coach_id"] != 1 for row in client.get("/schedules").json)
    assert client.get("/stats").json["schedules"] == 15
