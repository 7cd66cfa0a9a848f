"""A recorder beside a real app: what is on the tape, what is not, and that the app answers as without it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from flask import Flask, Response, jsonify, make_response, request, session

from bridge.discovery import discover
from bridge.parity.steps import ABSENT
from bridge.parity.tapes.recorder import Recorder
from bridge.parity.tapes.tape import Recorded
from tests.support.serving import serving


class World:
    """An app with sessions and tokens, and a recorder around it."""

    def __init__(self) -> None:
        self.app = Flask(__name__)
        self.app.secret_key = "key-of-the-app"
        self.rows: list[dict[str, Any]] = []
        for rule, method, view in [
            ("/login", "POST", self.login),
            ("/token", "POST", self.token),
            ("/me", "GET", lambda: {"id": session.get("user", 0)}),
            ("/coaches", "GET", lambda: jsonify(self.rows)),
            ("/coaches", "POST", self.new),
            ("/coaches/<int:id>", "PATCH", lambda id: {"id": id, **request.get_json()}),
            ("/files", "POST", lambda: {"size": len(request.get_data())}),
            ("/slash/", "GET", lambda: {}),
            ("/boom", "GET", lambda: 1 / 0),
            ("/stream", "GET", lambda: Response((part for part in ("[1,", "2]")), mimetype="application/json")),
        ]:
            self.app.add_url_rule(rule, f"{method}{rule}", view, methods=[method])
        self.lines: list[str] = []
        self.recorder = Recorder(self.app.wsgi_app, discover(self.app), self.lines.append)

    def login(self) -> Any:
        session["user"] = 5
        session["name"] = request.get_json().get("name")
        return {"id": 5, "password": request.get_json()["password"]}

    def token(self) -> Any:
        return {"access_token": "opaque-token-of-ann", "user": {"id": 5, "name": "Ann"}}

    def new(self) -> Any:
        self.rows.append({**request.get_json(), "id": len(self.rows) + 41})
        return make_response(self.rows[-1], 201)

    def recorded(self) -> list[Recorded]:
        """Return the calls as they came: a line is written at its answer's end, which may be after the next call."""
        return sorted((Recorded.from_row(json.loads(line)) for line in self.lines), key=lambda call: call.number)


@pytest.fixture
def world() -> World:
    return World()


def run(world: World, ask: Callable[[str], object]) -> None:
    """Serve the world recorded while ``ask(url)`` runs."""
    world.app.wsgi_app = world.recorder  # type: ignore[method-assign]
    with serving(world.app) as url:
        ask(url)


def test_a_call_is_a_line(world: World) -> None:
    """Method, rule, event, params of path and query, body, status, and of the answer its ids."""

    def ask(url: str) -> None:
        requests.post(f"{url}/coaches", json={"name": "Ann"}, timeout=5)
        requests.patch(f"{url}/coaches/41?a=1&a=2&b=", json={"name": "Bo"}, headers={"If-Match": "v1"}, timeout=5)
        requests.get(f"{url}/coaches", timeout=5)

    run(world, ask)
    new, update, got = world.recorded()
    assert (new.event, new.method, new.rule, new.status) == ("new_coach", "POST", "/coaches", 201)
    assert (new.params, new.body, new.found) == ({}, {"name": "Ann"}, ((("id",), 41),))
    assert (update.params, update.body) == ({"id": 41, "a": ["1", "2"], "b": ""}, {"name": "Bo"})
    assert update.headers == {"If-Match": "v1"}
    assert (got.body, got.found) == (ABSENT, (((0, "id"), 41),))
    assert [call.number for call in (new, update, got)] == [1, 2, 3]
    assert {call.who for call in (new, update, got)} == {0}
    assert world.recorder.recorded == 3


def test_the_app_answers_as_without_it(world: World) -> None:
    """Status, headers and body are the app's own, also of a stream, a redirect, an error, a file that is sent."""

    def answers(url: str) -> list[Any]:
        asked = [
            requests.post(f"{url}/coaches", json={"name": "Ann"}, timeout=5),
            requests.post(f"{url}/files", data=b"x" * 100_000, timeout=5),
            requests.post(f"{url}/coaches", data="{", headers={"Content-Type": "application/json"}, timeout=5),
            *(requests.get(url + path, timeout=5) for path in ("/stream", "/slash", "/boom", "/none", "/me")),
            requests.head(f"{url}/coaches", timeout=5),
        ]
        heads = [{k: v for k, v in one.headers.items() if k != "Date"} for one in asked]
        return [(one.status_code, head, one.content) for one, head in zip(asked, heads, strict=True)]

    plain = World()
    with serving(plain.app) as url:
        expected = answers(url)
    seen: list[Any] = []
    run(world, lambda url: seen.extend(answers(url)))
    assert [(s, {**h, "Location": ""}, b) for s, h, b in seen] == [
        (s, {**h, "Location": ""}, b) for s, h, b in expected
    ]


def test_credentials_never_reach_the_tape(world: World) -> None:
    """Cookies, tokens and passwords of requests and answers are placeholders, or not there at all."""

    def ask(url: str) -> None:
        with requests.Session() as browser:
            browser.post(f"{url}/login?api_key=Query-key-1", json={"name": "ann", "password": "Hunter2!"}, timeout=5)
            browser.get(f"{url}/me", headers={"X-CSRF-Token": "Csrf-value-1"}, timeout=5)
            cookies.extend(browser.cookies.values())
        requests.post(f"{url}/token", json={}, timeout=5)
        requests.get(f"{url}/me", headers={"Authorization": "Bearer opaque-token-of-ann"}, timeout=5)
        requests.get(f"{url}/me", auth=("ann", "Basic-pass"), timeout=5)

    cookies: list[str] = []
    run(world, ask)
    text = "\n".join(world.lines)
    basic = requests.auth._basic_auth_str("ann", "Basic-pass").split()[1]
    for secret in [*cookies, "Hunter2!", "Query-key-1", "Csrf-value-1", "opaque-token-of-ann", basic]:
        assert secret not in text
    login, _me, token, with_token, with_basic = world.recorded()
    assert login.body == {"name": "ann", "password": "$secret:2"}
    assert login.params == {"api_key": "$secret:1"}
    assert login.found == ((("id",), 5), (("password",), "$secret:2"))
    assert dict(token.found)[("access_token",)] == with_token.headers["Authorization"].removeprefix("Bearer ")
    assert with_basic.headers["Authorization"].startswith("Basic $secret:")


def test_browsers_are_numbered(world: World) -> None:
    """A browser is told by its cookies, also when they change, or by the token that a login gave it."""

    def ask(url: str) -> None:
        with requests.Session() as one, requests.Session() as other:
            one.get(f"{url}/me", timeout=5)
            one.post(f"{url}/login", json={"name": "one", "password": "a"}, timeout=5)
            other.post(f"{url}/login", json={"name": "other", "password": "b"}, timeout=5)
            one.get(f"{url}/me", timeout=5)
            other.get(f"{url}/me", timeout=5)
            one.post(f"{url}/login", json={"name": "one", "password": "a"}, timeout=5)
            one.get(f"{url}/me", timeout=5)
        requests.post(f"{url}/token", json={}, timeout=5)
        requests.get(f"{url}/me", headers={"Authorization": "Bearer opaque-token-of-ann"}, timeout=5)
        requests.get(f"{url}/me", headers={"Cookie": "theme=dark"}, timeout=5)

    run(world, ask)
    who = [call.who for call in world.recorded()]
    assert who[0] == who[9] == 0
    assert who[1] == who[3] == who[5] == who[6]
    assert who[2] == who[4]
    assert who[7] == who[8]
    assert len({0, who[1], who[2], who[7]}) == 4


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        (lambda url: requests.get(f"{url}/none", timeout=5), "no route of the map: GET /none"),
        (lambda url: requests.get(f"{url}/reset/{'ab' * 20}", timeout=5), "no route of the map: GET /reset/$secret:1"),
        (lambda url: requests.head(f"{url}/coaches", timeout=5), "no route of the map: HEAD /coaches"),
        (
            lambda url: requests.post(f"{url}/files", files={"a": b"x"}, timeout=5),
            "a body that is no JSON: POST /files",
        ),
        (lambda url: requests.post(f"{url}/files", data=(b"x" for _ in "ab"), timeout=5), "a body of unknown length: "),
        (lambda url: requests.post(f"{url}/coaches", json="a" * 1024 * 1024, timeout=5), "a body of more than 1048576"),
        (lambda url: requests.post(f"{url}/coaches", json={"$earlier": 1}, timeout=5), "a body with a reserved word: "),
        (lambda url: requests.get(f"{url}/me?$headers=1", timeout=5), "a query that an event cannot have: GET /me"),
        (lambda url: requests.get(f"{url}/me", json={}, timeout=5), "a GET with a body: GET /me"),
        (lambda url: requests.get(f"{url}/slash", timeout=5, allow_redirects=False), "redirected: GET /slash/"),
    ],
)
def test_what_no_tape_can_hold_is_counted_by_name(world: World, ask: Callable[[str], object], why: str) -> None:
    """It goes to the app all the same, and is in no line."""
    run(world, ask)
    assert world.lines == []
    assert [reason.startswith(why) for reason in world.recorder.passed_over] == [True], world.recorder.passed_over
    assert list(world.recorder.passed_over.values()) == [1]


def test_a_body_that_is_broken_json_is_counted(world: World) -> None:
    """The bridge sends JSON only, so a replay could not send that."""
    broken = {"data": '{"a": NaN}', "headers": {"Content-Type": "application/json"}}
    run(world, lambda url: requests.post(f"{url}/coaches", timeout=5, **broken))
    assert world.recorder.passed_over == {"a body that is no JSON: POST /coaches": 1}


def test_a_full_disk_is_not_the_apps_trouble(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Where a line cannot be written the app's answer is what it was; the failure is logged and counted."""

    def full(_line: str) -> None:
        raise OSError(28, "No space left on device")

    world.recorder = Recorder(world.app.wsgi_app, discover(world.app), full)
    run(world, lambda url: requests.get(f"{url}/me", timeout=5).raise_for_status())
    assert world.recorder.passed_over == {"could not be recorded": 1}
    assert world.recorder.recorded == 0
    assert "a call was not recorded" in caplog.text


def test_names_without_end_are_counted_together(world: World) -> None:
    """A scanner that asks for a thousand paths does not fill the memory."""
    client = world.app.test_client()
    world.app.wsgi_app = world.recorder  # type: ignore[method-assign]
    for number in range(300):
        client.get(f"/x{number}")
    assert len(world.recorder.passed_over) == 201
    assert world.recorder.passed_over["others"] == 100
