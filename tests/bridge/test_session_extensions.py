"""Flask-Login, Flask-JWT-Extended and Flask-WTF's CSRF work over the socket as they do over HTTP."""

from __future__ import annotations

from typing import Any

from flask import Flask, jsonify
from flask_jwt_extended import JWTManager, create_access_token, get_jwt_identity, jwt_required, set_access_cookies
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user, logout_user
from flask_restful import Api, Resource
from flask_socketio import SocketIO
from flask_wtf.csrf import CSRFProtect, generate_csrf

from bridge import Bridge
from tests.support.browser_like import BrowserLike
from tests.support.serving import serving


class User(UserMixin):
    def __init__(self, id: str) -> None:
        self.id = id


class Me(Resource):
    @login_required
    def get(self) -> Any:
        return {"id": current_user.id}


def bridged(app: Flask) -> Flask:
    app.secret_key = "a test's secret key that is long enough for HMAC"
    Bridge(app, SocketIO(app, async_mode="threading"))
    return app


def login_app() -> Flask:
    app = Flask(__name__)
    manager = LoginManager(app)
    manager.user_loader(User)

    @app.post("/login")
    def login() -> Any:
        login_user(User("7"), remember=True)
        return jsonify(id="7")

    @app.post("/logout")
    def logout() -> Any:
        logout_user()
        return "", 204

    Api(app).add_resource(Me, "/me")
    return bridged(app)


def test_flask_login_works_on_either_side() -> None:
    """A Flask-Login user who logs in by socket and out over HTTP is known and then unknown on both."""
    with serving(login_app()) as url:
        browser = BrowserLike(url).open()
        assert browser.emit("get_me")["status"] == 401
        assert browser.emit("login")["ok"]
        assert browser.emit("get_me")["data"] == {"id": "7"}
        assert browser.http.get(f"{url}/me", timeout=5).json() == {"id": "7"}
        assert "remember_token" in browser.http.cookies
        assert browser.http.post(f"{url}/logout", timeout=5).status_code == 204
        assert browser.emit("get_me")["status"] == 401
        assert browser.reload().emit("get_me")["status"] == 401
        browser.close()


def jwt_app(**config: Any) -> Flask:
    app = Flask(__name__)
    app.config.update(JWT_SECRET_KEY="a test's secret key that is long enough for HMAC", **config)
    JWTManager(app)

    @app.post("/login")
    def login() -> Any:
        token = create_access_token(identity="maya")
        answer = jsonify(token=token)
        if "cookies" in app.config["JWT_TOKEN_LOCATION"]:
            set_access_cookies(answer, token)
        return answer

    @app.post("/notes")
    @jwt_required()
    def notes() -> Any:
        return jsonify(by=get_jwt_identity())

    return bridged(app)


def test_a_jwt_in_a_header_travels_by_headers() -> None:
    """$headers carries the Authorization header; without it the answer is HTTP's 401."""
    with serving(jwt_app(JWT_TOKEN_LOCATION=["headers"])) as url:
        browser = BrowserLike(url).open()
        token = browser.emit("login")["data"]["token"]
        headers = {"Authorization": f"Bearer {token}"}
        assert browser.emit("new_note", {"$headers": headers}, {"text": "x"})["data"] == {"by": "maya"}
        refused = browser.emit("new_note", {"text": "x"})
        over_http = browser.http.post(f"{url}/notes", json={"text": "x"}, timeout=5)
        assert (refused["status"], refused["data"]) == (over_http.status_code, over_http.json())
        browser.close()


def test_a_jwt_in_a_cookie_asks_for_its_csrf_token() -> None:
    """A JWT cookie that a login by socket sets needs the X-CSRF-TOKEN that the browser reads from its twin."""
    with serving(jwt_app(JWT_TOKEN_LOCATION=["cookies"], JWT_COOKIE_CSRF_PROTECT=True)) as url:
        browser = BrowserLike(url).open()
        assert browser.emit("login")["ok"]
        assert browser.emit("new_note", {"text": "x"})["status"] == 401
        token = browser.http.cookies["csrf_access_token"]
        assert browser.emit("new_note", {"$headers": {"X-CSRF-TOKEN": token}}, {"text": "x"})["ok"]
        assert browser.http.post(f"{url}/notes", headers={"X-CSRF-TOKEN": token}, timeout=5).status_code == 200
        browser.close()


def csrf_app() -> Flask:
    app = Flask(__name__)
    CSRFProtect(app)

    @app.get("/csrf")
    def token() -> Any:
        return jsonify(token=generate_csrf())

    @app.post("/notes")
    def notes() -> Any:
        return jsonify(saved=True)

    return bridged(app)


def test_flask_wtf_csrf_is_asked_for_and_accepted() -> None:
    """A write without the token is refused as over HTTP; with the token of a socket answer it passes on both."""
    with serving(csrf_app()) as url:
        browser = BrowserLike(url).open()
        refused = browser.emit("new_note", {"text": "x"})
        assert refused["status"] == browser.http.post(f"{url}/notes", json={}, timeout=5).status_code == 400
        token = browser.emit("get_csrf")["data"]["token"]
        assert browser.emit("new_note", {"$headers": {"X-CSRFToken": token}}, {"text": "x"})["data"] == {"saved": True}
        assert browser.http.post(f"{url}/notes", headers={"X-CSRFToken": token}, timeout=5).status_code == 200
        browser.close()
