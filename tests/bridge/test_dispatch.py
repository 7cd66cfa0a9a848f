"""A call goes through the WSGI stack as a request would, and redirects are followed as ``fetch`` follows them."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from bridge import dispatch
from bridge.ack import Answer
from bridge.call import Call, Refused
from bridge.cookies import CookieJar
from bridge.dispatch import Dispatcher, base_environ

HANDSHAKE = {
    "REQUEST_METHOD": "GET",
    "PATH_INFO": "/socket.io/",
    "QUERY_STRING": "EIO=4&transport=websocket",
    "SCRIPT_NAME": "",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "5000",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "REMOTE_ADDR": "203.0.113.9",
    "wsgi.url_scheme": "http",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "HTTP_HOST": "shop.example",
    "HTTP_UPGRADE": "websocket",
    "HTTP_CONNECTION": "Upgrade",
    "HTTP_COOKIE": "a=1",
    "HTTP_ORIGIN": "http://shop.example",
    "HTTP_SEC_WEBSOCKET_KEY": "x",
    "HTTP_SEC_FETCH_MODE": "websocket",
    "CONTENT_LENGTH": "0",
    "werkzeug.socket": object(),
    "bridge.browser": "b",
}
Seen = list[dict[str, Any]]


def answered(pages: dict[str, tuple[str, dict[str, str], bytes]], call: Call) -> tuple[Answer, Seen]:
    """Dispatch a call to an app with these pages: ``{path: (status, headers, body)}``."""
    seen: Seen = []

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        seen.append({**environ, "body": environ["wsgi.input"].read()})
        status, headers, body = pages[environ["PATH_INFO"]]
        start_response(status, list(headers.items()))
        return [body]

    dispatcher = Dispatcher(lambda: app, HANDSHAKE, CookieJar("a=1", secure=False), debug=False)
    return dispatcher.answer(call, None, lambda _cookies, _path: None), seen


def test_the_environ_of_a_request() -> None:
    """It says who asks as the handshake does, and nothing of the WebSocket; no server object is in it."""
    _, [seen] = answered({"/x": ("200 OK", {}, b"")}, Call("POST", "/x", "q=1", b"[1]", {"X-Csrf-Token": "t"}))
    assert (seen["REQUEST_METHOD"], seen["QUERY_STRING"], seen["body"]) == ("POST", "q=1", b"[1]")
    assert (seen["CONTENT_TYPE"], seen["CONTENT_LENGTH"]) == ("application/json", "3")
    assert (seen["HTTP_HOST"], seen["REMOTE_ADDR"], seen["HTTP_COOKIE"]) == ("shop.example", "203.0.113.9", "a=1")
    assert (seen["HTTP_X_CSRF_TOKEN"], seen["HTTP_SEC_FETCH_MODE"]) == ("t", "cors")
    assert seen["RAW_URI"] == seen["REQUEST_URI"] == "/x?q=1"
    gone = {"HTTP_UPGRADE", "HTTP_CONNECTION", "HTTP_SEC_WEBSOCKET_KEY", "werkzeug.socket", "bridge.browser"}
    assert not gone & set(seen)


def test_a_websocket_scheme_is_http() -> None:
    """Servers that say ws or wss are understood."""
    assert base_environ({**HANDSHAKE, "wsgi.url_scheme": "wss"})["wsgi.url_scheme"] == "https"


@pytest.mark.parametrize("path", ["/ü☃", "/a b", "/a%2Fb", "/a?b#c", "/\U0001f600"])
def test_a_path_is_encoded_as_wsgi_wants_it(path: str) -> None:
    """PATH_INFO carries the UTF-8 bytes, RAW_URI the quoted text."""
    _, [seen] = answered({path.encode().decode("latin-1"): ("200 OK", {}, b"")}, Call("GET", path))
    assert seen["RAW_URI"].isascii()
    assert "?" not in seen["RAW_URI"]


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [
        ("301 x", "POST", "GET"),
        ("302 x", "POST", "GET"),
        ("303 x", "POST", "GET"),
        ("303 x", "PUT", "GET"),
        ("301 x", "PUT", "PUT"),
        ("302 x", "DELETE", "DELETE"),
        ("303 x", "HEAD", "HEAD"),
        ("307 x", "POST", "POST"),
        ("308 x", "PATCH", "PATCH"),
        ("302 x", "GET", "GET"),
    ],
)
def test_the_method_after_a_redirect(status: str, method: str, then: str) -> None:
    """As the Fetch standard says: 303 makes a GET, 301 and 302 make a GET of a POST, the others repeat."""
    pages = {"/x": (status, {"Location": "/y?a=1"}, b""), "/y": ("200 OK", {}, b"there")}
    body = None if method in ("GET", "HEAD") else b"[1]"
    answer, (_, second) = answered(pages, Call(method, "/x", "q=1", body, {"Authorization": "x"}))
    assert (answer.body, answer.method) == (b"there", then)
    assert (second["REQUEST_METHOD"], second["QUERY_STRING"]) == (then, "a=1")
    assert second["body"] == (b"" if then in ("GET", "HEAD") else b"[1]")
    assert second["HTTP_AUTHORIZATION"] == "x"


@pytest.mark.parametrize(
    ("start", "location", "landed"),
    [
        ("/a/b", "c", "/a/c"),
        ("/a/b", "../c", "/c"),
        ("/a/b", "?q", "/a/b"),
        ("/a/b", "//shop.example/c", "/c"),
        ("/a/b", "http://shop.example", "/"),
        ("/a/b", "http://shop.example/c#top", "/c"),
        ("/a/b", "http://shop.example:80/c", "/c"),
        ("/a/b", "http://SHOP.example/c", "/c"),
        ("/a b", "./%C3%BC", "/\xc3\xbc"),
    ],
)
def test_where_a_redirect_leads(start: str, location: str, landed: str) -> None:
    """Relative and absolute locations are resolved as a browser resolves them."""
    pages = {landed: ("200 OK", {}, b"there"), start: ("302 x", {"Location": location}, b"")}
    if start == landed:
        pages = {start: ("302 x", {"Location": "/end"}, b""), "/end": ("200 OK", {}, b"there")}
    assert answered(pages, Call("GET", start))[0].body == b"there"


@pytest.mark.parametrize(
    "location",
    ["http://elsewhere.example/", "//elsewhere.example/", "http://shop.example:81/", "http://shop.example.evil/"],
)
def test_a_redirect_to_another_host(location: str) -> None:
    """It is refused with its own status: the bridge calls nobody else."""
    with pytest.raises(Refused, match="not this app") as refused:
        answered({"/x": ("302 x", {"Location": location}, b"")}, Call("GET", "/x"))
    assert refused.value.status == 302


def test_a_circle_and_a_redirect_without_a_location() -> None:
    """Twenty redirects are followed, not more; one that leads nowhere is the answer."""
    with pytest.raises(Refused, match="more than 20"):
        answered({"/x": ("302 x", {"Location": "/x"}, b"")}, Call("GET", "/x"))
    assert answered({"/x": ("302 x", {}, b"here")}, Call("GET", "/x"))[0].body == b"here"


def test_cookies_of_each_answer_are_told() -> None:
    """So are those of a redirect, with the path that they came from."""
    told: list[Any] = []

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        headers = [("Set-Cookie", "b=2"), ("set-cookie", "c=3")]
        if environ["PATH_INFO"] == "/x":
            start_response("302 x", [*headers, ("Location", "/y")])
        else:
            start_response("200 OK", headers[:1])
        return []

    dispatcher = Dispatcher(lambda: app, HANDSHAKE, CookieJar("", secure=False), debug=False)
    dispatcher.answer(Call("GET", "/x"), None, lambda *news: told.append(news))
    assert told == [(["b=2", "c=3"], "/x"), (["b=2"], "/y")]


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("GZIP", gzip.compress), ("br", bytes)]
)
def test_a_compressed_body(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    """What an app compresses unasked is unpacked, as a browser would."""
    answer, _ = answered({"/x": ("200 OK", {"Content-Encoding": encoding}, pack(b'{"a":1}'))}, Call("GET", "/x"))
    assert answer.body == b'{"a":1}'


class Chunks:
    """A WSGI body that tells when it was closed."""

    def __init__(self, chunks: Iterable[bytes], *, raises: bool = False) -> None:
        self.chunks, self.closed, self.raises = chunks, 0, raises

    def __iter__(self) -> Iterator[bytes]:
        yield from self.chunks
        if self.raises:
            raise LookupError

    def close(self) -> None:
        self.closed += 1


def run(body: Any, kind: str = "application/json", writes: tuple[bytes, ...] = ()) -> Answer:
    def app(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        write = start_response("200 OK", [("Content-Type", kind)])
        for data in writes:
            write(data)
        return body  # type: ignore[no-any-return]

    dispatcher = Dispatcher(lambda: app, HANDSHAKE, CookieJar("", secure=False), debug=False)
    return dispatcher.answer(Call("GET", "/x"), None, lambda _cookies, _path: None)


def test_a_body_in_chunks_is_joined_and_closed() -> None:
    """Every body is closed once, whether it ended well or not."""
    chunks = Chunks([b"b", b"c"])
    assert run(chunks, writes=(b"a",)).body == b"abc"
    assert chunks.closed == 1
    broken = Chunks([b"a"], raises=True)
    assert run(broken).status == 500
    assert broken.closed == 1


def test_a_body_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event stream is not waited for, and a body of any size is refused above the limit; both are closed."""
    stream = Chunks(iter(lambda: b"data: x\n\n", None))
    assert run(stream, "text/event-stream").body == b""
    monkeypatch.setattr(dispatch, "MAX_ANSWER", 1000)
    endless = Chunks(iter(lambda: b"x" * 100, None))
    with pytest.raises(Refused, match="larger"):
        run(endless)
    assert (stream.closed, endless.closed) == (1, 1)


@pytest.mark.parametrize("error", [LookupError("inside"), SystemExit("inside"), KeyboardInterrupt("inside")])
@pytest.mark.parametrize("debug", [True, False])
def test_an_exception_that_leaves_the_app(error: BaseException, debug: bool) -> None:
    """It is the web server's 500 page; in debug mode, the exception's text."""

    def app(_environ: dict[str, Any], _start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise error

    dispatcher = Dispatcher(lambda: app, HANDSHAKE, CookieJar("", secure=False), debug=debug)
    if debug:
        with pytest.raises(Refused, match="inside"):
            dispatcher.answer(Call("GET", "/x"), None, lambda _cookies, _path: None)
    else:
        answer = dispatcher.answer(Call("GET", "/x"), None, lambda _cookies, _path: None)
        assert answer.status == 500
        assert b"inside" not in answer.body
