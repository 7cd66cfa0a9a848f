"""Sessions."""

from __future__ import annotations

from flask.testing import FlaskClient

from sample_app.server.seed import PASSWORD


def test_session(client: FlaskClient) -> None:
    """Logging in opens a session that lasts until one logs out."""
    assert client.get("/check_session").status_code == 401
    coach = client.post("/login", json={"username": "maya", "password": PASSWORD}).json
    assert client.get("/check_session").json == coach
    gone = client.delete("/logout")
    assert (gone.status_code, gone.data) == (204, b"")
    assert client.get("/check_session").status_code == 401


def test_wrong_login(client: FlaskClient) -> None:
    """A wrong password, an unknown name and a coach without a login all sound the same."""
    for username in ("maya", "nobody", ""):
        answer = client.post("/login", json={"username": username, "password": "wrong"})
        assert (answer.status_code, answer.json) == (401, {"error": "Wrong username or password."})
    assert set(client.post("/login", json={}).json["errors"]) == {"username", "password"}


def test_new_coach_may_log_in(client: FlaskClient) -> None:
    """A coach added with username and password can log in with them."""
    login = {"username": "ida", "password": "eight-chars"}
    client.post("/coaches", json={"name": "Ida Holm", "age": 30, "specialty": "Rowing", **login})
    assert client.post("/login", json=login).status_code == 200


def test_blank_password_keeps_the_old_one(client: FlaskClient) -> None:
    """The edit form's empty password field changes nothing."""
    client.patch("/coaches/1", json={"name": "Maya L", "username": "", "password": ""})
    assert client.post("/login", json={"username": "maya", "password": PASSWORD}).json["name"] == "Maya L"


def test_removed_coach_is_logged_out(coach: FlaskClient) -> None:
    """The session of a coach who was removed is no session."""
    coach.delete("/coaches/1")
    assert coach.get("/check_session").status_code == 401
