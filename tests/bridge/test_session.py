"""Log in and out over either transport: each side sees the truth."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from flask import Flask, jsonify, request, session
from flask_restful import Api, Resource
from flask_socketio import SocketIO

from bridge import Bridge
from tests.support.browser_like import BrowserLike
from tests.support.serving import serving


class Login(Resource):
    def post(self) -> Any:
        session["user"] = request.get_json()["user"]
        return {"user": session["user"]}


class Logout(Resource):
    def delete(self) -> Any:
        session.clear()
        return "", 204


class Whoami(Resource):
    def get(self) -> Any:
        return ({"user": session["user"]}, 200) if "user" in session else ({"error": "not logged in"}, 401)


def make_app(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="test", **config)
    api = Api(app)
    api.add_resource(Login, "/login")
    api.add_resource(Logout, "/logout")
    api.add_resource(Whoami, "/whoami")
    Bridge(app, SocketIO(app, async_mode="threading"), api=api)
    return app


@pytest.fixture
def url() -> Iterator[str]:
    with serving(make_app()) as address:
        yield address


def http_user(browser: BrowserLike) -> int:
    return browser.http.get(f"{browser.url}/whoami", timeout=5).status_code


def test_a_login_by_socket_is_seen_by_http_and_after_a_reload(url: str) -> None:
    """When the ack of a login by socket is there, HTTP and a new page are logged in."""
    browser = BrowserLike(url).open()
    assert browser.emit("get_whoami")["status"] == 401
    assert browser.emit("login", {"user": "maya"})["ok"]
    assert http_user(browser) == 200
    assert browser.emit("get_whoami")["data"] == {"user": "maya"}
    assert browser.reload().emit("get_whoami")["data"] == {"user": "maya"}
    browser.close()


def test_a_login_by_http_reaches_the_open_socket(url: str) -> None:
    """When the HTTP answer of a login is there, the socket that was open before is logged in."""
    browser = BrowserLike(url).open()
    browser.http.post(f"{url}/login", json={"user": "maya"}, timeout=5)
    assert browser.emit("get_whoami")["data"] == {"user": "maya"}
    assert browser.tickets == []
    browser.close()


def test_a_logout_by_socket_is_seen_by_http(url: str) -> None:
    """A logout by socket takes the cookie away from the browser too."""
    browser = BrowserLike(url)
    browser.http.post(f"{url}/login", json={"user": "maya"}, timeout=5)
    browser.open()
    assert browser.emit("get_whoami")["ok"]
    assert browser.emit("delete_logout")["status"] == 204
    assert http_user(browser) == 401
    assert browser.emit("get_whoami")["status"] == 401
    browser.close()


def test_a_logout_by_http_reaches_the_open_socket(url: str) -> None:
    """A logout over HTTP logs the open socket out."""
    browser = BrowserLike(url)
    browser.http.post(f"{url}/login", json={"user": "maya"}, timeout=5)
    browser.open()
    browser.http.delete(f"{url}/logout", timeout=5)
    assert browser.emit("get_whoami")["status"] == 401
    browser.close()


def test_two_tabs_share_a_login_and_another_browser_does_not(url: str) -> None:
    """A login in one tab's socket reaches the other tab of the same browser, and nobody else."""
    tab, stranger = BrowserLike(url).open(), BrowserLike(url).open()
    other_tab = BrowserLike(url)
    other_tab.http.cookies.update(tab.http.cookies)
    other_tab.open()
    assert tab.emit("login", {"user": "maya"})["ok"]
    assert other_tab.emit("get_whoami")["data"] == {"user": "maya"}
    assert stranger.emit("get_whoami")["status"] == 401
    for browser in (tab, other_tab, stranger):
        browser.close()


def test_a_ticket_works_once_and_for_its_browser_only(url: str) -> None:
    """A ticket that was used, or is another browser's, gives no cookies."""
    browser, thief = BrowserLike(url).open(), BrowserLike(url).open()
    browser.emit("login", {"user": "maya"})
    ticket = browser.tickets[0]
    for session_ in (browser.http, thief.http, requests.Session()):
        answer = session_.post(f"{url}/socket.io/ticket", data=ticket, timeout=5)
        assert answer.status_code == 404
        assert "Set-Cookie" not in answer.headers
    browser.close()
    thief.close()


def test_an_unredeemed_ticket_is_refused_to_another_browser(url: str) -> None:
    """A stolen ticket that nobody has used yet is no good without the browser's own cookie."""
    browser, thief = BrowserLike(url, redeems=True).open(), BrowserLike(url).open()
    browser._redeem = browser.tickets.append  # type: ignore[method-assign]
    browser.socket.on("bridge:ticket", browser.tickets.append)
    assert browser.emit("login", {"user": "maya"})["ok"], "the ack comes though the ticket was never redeemed"
    assert thief.http.post(f"{url}/socket.io/ticket", data=browser.tickets[0], timeout=5).status_code == 404
    assert browser.http.post(f"{url}/socket.io/ticket", data=browser.tickets[0], timeout=5).status_code == 204
    browser.close()
    thief.close()


def test_a_ticket_is_not_given_to_another_origin(url: str) -> None:
    """A page of another site cannot redeem a ticket, so it cannot log a visitor in as somebody else."""
    browser = BrowserLike(url).open()
    browser.socket.on("bridge:ticket", browser.tickets.append)
    browser.emit("login", {"user": "maya"})
    answer = browser.http.post(
        f"{url}/socket.io/ticket", data=browser.tickets[0], headers={"Origin": "http://evil.example"}, timeout=5
    )
    assert answer.status_code == 403
    browser.close()


def test_a_client_that_redeems_no_tickets_is_not_made_to_wait(url: str) -> None:
    """A plain client gets its ack at once and is logged in on its own connection."""
    client = BrowserLike(url, redeems=False).open()
    started = time.monotonic()
    assert client.emit("login", {"user": "maya"})["ok"]
    assert time.monotonic() - started < 2.5
    assert client.tickets == []
    assert client.emit("get_whoami")["ok"]
    client.close()


def test_a_session_that_is_only_signed_anew_needs_no_ticket() -> None:
    """Flask sends a permanent session's cookie with every answer; only its first time is news."""
    app = make_app()

    @app.before_request
    def permanent() -> None:
        session.permanent = True

    with serving(app) as url:
        browser = BrowserLike(url).open()
        browser.emit("login", {"user": "maya"})
        for _ in range(3):
            time.sleep(0.6)
            assert browser.emit("get_whoami")["ok"]
        assert len(browser.tickets) == 1
        browser.close()


def test_a_cookie_goes_to_its_path_only_and_only_while_it_lasts() -> None:
    """The jar sends a cookie where a browser would, and drops it when a browser would."""
    app = make_app()

    @app.get("/shop/enter")
    def enter() -> Any:
        answer = jsonify({})
        answer.set_cookie("basket", "7", path="/shop")
        answer.set_cookie("gone", "1", max_age=0)
        answer.set_cookie("plain", "2")
        return answer

    @app.get("/shop/cookies", endpoint="in_shop")
    @app.get("/cookies", endpoint="outside")
    def cookies() -> Any:
        return jsonify(sorted(name for name in request.cookies if not name.startswith("fetch2socket")))

    with serving(app) as url:
        browser = BrowserLike(url, redeems=False).open()
        assert browser.emit("get_enter")["ok"]
        assert browser.emit("get_cookies")["data"] == ["plain"]
        assert browser.emit("get_shop_cookies")["data"] == ["basket", "plain"]
        browser.close()
