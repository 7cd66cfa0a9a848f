"""The HTTP side of the bridge: tickets, browser ids, and logins that reach the open sockets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from http import HTTPStatus
from typing import Any

from werkzeug.wsgi import ClosingIterator

from bridge.browsers import Browsers, browser_cookie, browser_id, new_browser_id
from bridge.dispatch import Environ, WSGIApp

MAX_TICKET = 256
StartResponse = Callable[..., Any]


class BridgeMiddleware:
    """Wraps the app's whole WSGI stack, the Socket.IO middleware included."""

    def __init__(
        self,
        app: WSGIApp,
        browsers: Browsers,
        path: str,
        origins: Callable[[Environ], Collection[str] | None],
    ):
        """``path`` is Socket.IO's (``/socket.io/``); ``origins(environ)`` are those allowed to redeem, None for all."""
        self._app = app
        self._browsers = browsers
        self._path = path
        self._ticket_path = f"{path}ticket"
        self._origins = origins

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(self._path) and environ.get("HTTP_ORIGIN", "").endswith("/"):
            # No browser sends that: create-react-app's proxy, which puts its target in place of the page's origin.
            environ["HTTP_ORIGIN"] = environ["HTTP_ORIGIN"].removesuffix("/")
        if path == self._ticket_path:
            return self._ticket(environ, start_response)
        if path.startswith(self._path):
            return self._app(environ, self._handshake(environ, start_response))
        if self._browsers:
            start_response = self._watching(environ, start_response)
        return self._app(environ, start_response)

    def _handshake(self, environ: Environ, start_response: StartResponse) -> StartResponse:
        """Give a browser that connects for the first time its id, whatever the transport."""
        if "sid=" in environ.get("QUERY_STRING", "") or browser_id(_cookies(environ), secure=_secure(environ)):
            return start_response
        identity = environ["bridge.browser"] = new_browser_id()
        cookie = environ["bridge.set_cookie"] = browser_cookie(identity, secure=_secure(environ))

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, ("Set-Cookie", cookie)], *rest)

        return start

    def _watching(self, environ: Environ, start_response: StartResponse) -> StartResponse:
        """Let the browser's open sockets see the cookies of an HTTP answer before the browser does."""
        identity = browser_id(_cookies(environ), secure=_secure(environ))
        if not identity:
            return start_response

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            cookies = [value for name, value in headers if name.lower() == "set-cookie"]
            if cookies:
                path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
                self._browsers.apply(identity, cookies, path)
            return start_response(status, headers, *rest)

        return start

    def _ticket(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer POST /socket.io/ticket: 204 with the cookies, 404 for a ticket that is not good (any more)."""
        origin = environ.get("HTTP_ORIGIN", "")
        allowed = self._origins(environ)
        if origin and allowed is not None and origin not in allowed:
            return _say(start_response, 403)
        headers = [("Cache-Control", "no-store")]
        if origin:
            headers += [
                ("Access-Control-Allow-Origin", origin),
                ("Access-Control-Allow-Credentials", "true"),
                ("Vary", "Origin"),
            ]
        if environ["REQUEST_METHOD"] != "POST":
            return _say(start_response, 405, [*headers, ("Allow", "POST")])
        length = environ.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()) or int(length) > MAX_TICKET:
            return _say(start_response, 413, headers)
        number = environ["wsgi.input"].read(int(length)).decode("ascii", "replace")
        ticket = self._browsers.redeem(number, browser_id(_cookies(environ), secure=_secure(environ)))
        if ticket is None:
            return _say(start_response, 404, headers)
        _say(start_response, 204, [*headers, *(("Set-Cookie", text) for text in ticket.set_cookies)])
        return ClosingIterator([b""], ticket.redeemed)  # called once the answer is on its way


def _say(start_response: StartResponse, status: int, headers: list[tuple[str, str]] | None = None) -> Iterable[bytes]:
    headers = [*(headers or []), ("Content-Length", "0")] if status != 204 else (headers or [])
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [b""]


def _cookies(environ: Environ) -> str:
    return str(environ.get("HTTP_COOKIE", ""))


def _secure(environ: Environ) -> bool:
    return environ.get("wsgi.url_scheme") in ("https", "wss")
