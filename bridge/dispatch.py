"""Runs a call through the app's whole WSGI stack, as if it had come over HTTP."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextvars import Context, ContextVar
from copy import copy
from io import BytesIO
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from werkzeug.exceptions import InternalServerError

from bridge.ack import Answer
from bridge.call import Call, Refused
from bridge.cookies import CookieJar

Environ = dict[str, Any]
WSGIApp = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

MAX_REDIRECTS = 20
MAX_ANSWER = 64 * 1024 * 1024
_CHUNK_TYPES_WITHOUT_END = ("text/event-stream", "multipart/x-mixed-replace")

#: Handshake headers that say something about the connection, not about who asks.
_DROPPED_HEADERS = frozenset(
    [
        "HTTP_UPGRADE",
        "HTTP_CONNECTION",
        "HTTP_COOKIE",
        "HTTP_CONTENT_LENGTH",
        "HTTP_CONTENT_TYPE",
        "HTTP_TRANSFER_ENCODING",
        "HTTP_ACCEPT_ENCODING",
        "HTTP_CACHE_CONTROL",
        "HTTP_PRAGMA",
        "HTTP_EXPECT",
        "HTTP_KEEP_ALIVE",
        "HTTP_PROXY",
        "HTTP_TE",
        "HTTP_IF_MODIFIED_SINCE",
        "HTTP_IF_NONE_MATCH",
        "HTTP_RANGE",
    ]
)
_KEPT_OBJECTS = ("wsgi.version", "wsgi.errors", "wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once")

_logger = logging.getLogger("bridge")

COMMITTED = "bridge.committed"
"""The key of an environ under which commits note what they led to: rooms and their versions."""

current: ContextVar[Environ] = ContextVar("bridge.dispatch.current")
"""The environ of the request that this context answers, where it stands for an event."""


def base_environ(handshake: Environ) -> Environ:
    """Return what all requests of a connection share, made from its handshake.

    Strings only, so that no socket or server object of the handshake is reachable from a request.
    """
    environ: Environ = {
        key: value
        for key, value in handshake.items()
        if isinstance(value, str)
        and key not in _DROPPED_HEADERS
        and not key.startswith(("HTTP_SEC_WEBSOCKET", "CONTENT_", "bridge."))
    }
    environ |= {key: handshake[key] for key in _KEPT_OBJECTS if key in handshake}
    if "werkzeug.proxy_fix.orig" in handshake:
        environ["werkzeug.proxy_fix.orig"] = handshake["werkzeug.proxy_fix.orig"]
    environ.setdefault("HTTP_ACCEPT", "*/*")
    scheme = {"ws": "http", "wss": "https"}.get(handshake.get("wsgi.url_scheme", ""), handshake.get("wsgi.url_scheme"))
    environ["wsgi.url_scheme"] = scheme or "http"
    environ["wsgi.run_once"] = False
    if "HTTP_ORIGIN" in environ:
        # A browser's handshake has no Referer, its fetch calls do; Flask-WTF asks for one on https.
        environ.setdefault("HTTP_REFERER", environ["HTTP_ORIGIN"] + "/")
    if "HTTP_SEC_FETCH_MODE" in environ:
        environ["HTTP_SEC_FETCH_MODE"] = "cors"
        environ["HTTP_SEC_FETCH_DEST"] = "empty"
    return environ


class Dispatcher:
    """Answers calls of one connection; safe to use from several threads at once."""

    def __init__(self, wsgi_app: Callable[[], WSGIApp], handshake: Environ, jar: CookieJar, *, debug: bool) -> None:
        """``wsgi_app`` returns the WSGI stack below the Socket.IO middleware as it is now."""
        self._wsgi_app = wsgi_app
        self._base = base_environ(handshake)
        self._jar = jar
        self._debug = debug

    def forgetful(self) -> tuple[Dispatcher, CookieJar]:
        """Return one for a single call with a jar of its own: the cookies that it is given end with it."""
        made = copy(self)
        made._jar = self._jar.copy()
        return made, made._jar

    def answer(
        self,
        call: Call,
        native: object,
        on_cookies: Callable[[list[str], str], object],
        extra: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Return the app's answer, redirects followed as ``fetch`` follows them; ``extra`` is added to the environ.

        ``native`` are the app's native handlers, or None; a redirect may lead to the route of another one.
        ``on_cookies(set_cookie_headers, path)`` is told of each answer's cookies as they come. Raises
        Refused where ``fetch`` could not have given an answer either.
        """
        for _ in range(MAX_REDIRECTS + 1):
            environ = self._environ(call, native)
            environ.update(extra or {})
            answer = self._once(call, environ)
            cookies = [value for key, value in answer.headers if key.lower() == "set-cookie"]
            if cookies:
                on_cookies(cookies, self._base.get("SCRIPT_NAME", "") + call.path)
            if answer.status not in (301, 302, 303, 307, 308) or not answer.header("location"):
                return answer
            call = _redirected(call, answer, environ)
        msg = f"redirected more than {MAX_REDIRECTS} times"
        raise Refused(msg, 500)

    def _once(self, call: Call, environ: Environ) -> Answer:
        try:
            status, headers, body = Context().run(_run_wsgi, self._wsgi_app(), environ)
        except Refused:
            raise
        except BaseException as error:
            if type(error).__name__ == "GreenletExit":
                raise
            return self._escaped(call, error)
        return Answer(status, headers, body, call.method)

    def _escaped(self, call: Call, error: BaseException) -> Answer:
        """Return the 500 page that the web server gives where an exception leaves the app."""
        _logger.error("%s %s raised", call.method, call.path, exc_info=error)
        if self._debug:
            msg = f"{type(error).__name__}: {error}"
            raise Refused(msg, 500) from error
        page = InternalServerError().get_body()
        return Answer(500, [("Content-Type", "text/html; charset=utf-8")], page.encode(), call.method)

    def _environ(self, call: Call, native: object) -> Environ:
        environ = self._base.copy()
        if native is not None:
            environ["bridge.native"] = native
        target = quote(call.path, safe="/:@!$&'()*+,;=~") + (f"?{call.query}" if call.query else "")
        environ["REQUEST_METHOD"] = call.method
        environ["PATH_INFO"] = call.path.encode().decode("latin-1")
        environ["QUERY_STRING"] = call.query
        environ["REQUEST_URI"] = environ["RAW_URI"] = environ.get("SCRIPT_NAME", "") + target
        cookies = self._jar.header(environ.get("SCRIPT_NAME", "") + call.path)
        if cookies:
            environ["HTTP_COOKIE"] = cookies
        if call.body is not None:
            environ["CONTENT_TYPE"] = "application/json"
            environ["CONTENT_LENGTH"] = str(len(call.body))
        elif call.method in ("POST", "PUT", "PATCH"):
            environ["CONTENT_LENGTH"] = "0"
        environ["wsgi.input"] = BytesIO(call.body or b"")
        if call.method in ("GET", "HEAD"):
            environ.pop("HTTP_ORIGIN", None)  # as a browser's same-origin fetch
        for name, value in call.headers.items():
            environ["HTTP_" + name.upper().replace("-", "_")] = value
        return environ


def _redirected(call: Call, answer: Answer, environ: Environ) -> Call:
    """Return the call that ``fetch`` would make next (the Fetch standard, "HTTP-redirect fetch").

    ``environ`` is the one that was dispatched: middleware such as ProxyFix has put the app's own host
    and scheme into it.
    """
    script = environ.get("SCRIPT_NAME", "")
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    here = f"{environ['wsgi.url_scheme']}://{host}{script}{quote(call.path)}"
    target = urlsplit(urljoin(here, answer.header("location")))
    path = unquote(target.path) or "/"
    if _origin(target) != _origin(urlsplit(here)) or not f"{path}/".startswith(f"{script}/"):
        msg = f"redirected to {target.scheme}://{target.netloc}, which is not this app"
        raise Refused(msg, answer.status)
    path = path[len(script) :] or "/"
    changes = answer.status == 303 and call.method not in ("GET", "HEAD")
    if changes or (answer.status in (301, 302) and call.method == "POST"):
        return Call("GET", path, target.query, None, call.headers)
    return Call(call.method, path, target.query, call.body, call.headers)


def _origin(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port or {"http": 80, "https": 443}.get(url.scheme)


def _run_wsgi(app: WSGIApp, environ: Environ) -> tuple[int, list[tuple[str, str]], bytes]:
    current.set(environ)
    started: list[Any] = []
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        started[:] = [status, headers]
        return written.append

    chunks = app(environ, start_response)
    try:
        body = _read(chunks, written, started)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    status, headers = started
    return int(status.split(" ", 1)[0]), headers, _decoded(body, headers)


def _read(chunks: Iterable[bytes], written: list[bytes], started: list[Any]) -> bytes:
    """Join a body, but never wait for one that does not end or that no client could use."""
    size = 0
    for chunk in chunks:
        written.append(chunk)
        size += len(chunk)
        if size > MAX_ANSWER:
            msg = f"the answer is larger than {MAX_ANSWER} bytes; get it over HTTP"
            raise Refused(msg, 500)
        if _has_no_end(started):
            return b""
    return written[0] if len(written) == 1 else b"".join(written)


def _has_no_end(started: list[Any]) -> bool:
    return any(
        key.lower() == "content-type" and value.startswith(_CHUNK_TYPES_WITHOUT_END) for key, value in started[1]
    )


def _decoded(body: bytes, headers: list[tuple[str, str]]) -> bytes:
    """Undo a Content-Encoding that the app applies unasked; a browser would have undone it as well."""
    encoding = next((value.lower() for key, value in headers if key.lower() == "content-encoding"), "")
    if encoding not in ("gzip", "deflate"):
        return body
    try:
        return zlib.decompress(body, wbits=47)
    except zlib.error:
        return body
