"""A connection's cookie jar does what a browser's does."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge import cookies
from bridge.cookies import Cookie, CookieJar, keeps_secure, parse_set_cookie

NOW = 1_000_000.0


def parsed(header: str, path: str = "/shop/basket") -> Cookie:
    cookie = parse_set_cookie(header, path, NOW)
    assert cookie is not None
    return cookie


@pytest.mark.parametrize(
    ("header", "cookie"),
    [
        ("a=1", Cookie("a", "1", "/shop")),
        ("a=1; Path=/", Cookie("a", "1", "/")),
        ("a=1; path=/x; HttpOnly; SameSite=Lax", Cookie("a", "1", "/x")),
        ("a=1; Path=x", Cookie("a", "1", "/shop")),
        ("a=1;Path=/;Secure", Cookie("a", "1", "/", secure=True)),
        (' a = "1 2" ;Path=/', Cookie("a", '"1 2"', "/")),
        ("a=b=c==; Path=/", Cookie("a", "b=c==", "/")),
        ("a=; Path=/", Cookie("a", "", "/")),
        ("a=1; Path=/; Max-Age=60", Cookie("a", "1", "/", NOW + 60)),
        ("a=1; Path=/; Max-Age=-1", Cookie("a", "1", "/", NOW - 1)),
        ("a=1; Path=/; Max-Age=x", Cookie("a", "1", "/")),
        ("a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", Cookie("a", "1", "/", 0.0)),
        ("a=1; Path=/; Expires=Thu, 01-Jan-1970 00:00:10 GMT", Cookie("a", "1", "/", 10.0)),
        ("a=1; Path=/; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", Cookie("a", "1", "/", NOW + 60)),
        ("a=1; Path=/; Expires=soon", Cookie("a", "1", "/")),
    ],
)
def test_a_set_cookie_header(header: str, cookie: Cookie) -> None:
    """Attributes are read as RFC 6265 says."""
    assert parsed(header) == cookie


@pytest.mark.parametrize("header", ["", "a", "=1", "  =1", "; Path=/"])
def test_a_header_without_a_name_is_no_cookie(header: str) -> None:
    """What has no name is ignored."""
    assert parse_set_cookie(header, "/", NOW) is None


@given(st.text(max_size=60))
def test_any_header_is_read_without_an_exception(attributes: str) -> None:
    """However odd its attributes are, a header does no harm."""
    for name in ("", "Max-Age=", "Expires=", "Path="):
        parse_set_cookie(f"a=1; {name}{attributes}", "/", NOW)


@pytest.mark.parametrize(
    ("cookie_path", "path", "sent"),
    [
        ("/", "/anything", True),
        ("/shop", "/shop", True),
        ("/shop", "/shop/basket", True),
        ("/shop/", "/shop/basket", True),
        ("/shop/", "/shop", False),
        ("/shop", "/shopping", False),
        ("/shop", "/", False),
    ],
)
def test_path_match(cookie_path: str, path: str, sent: bool) -> None:
    """A cookie goes to its path and below."""
    assert Cookie("a", "1", cookie_path).sent_to(path, NOW) is sent


def test_expiry() -> None:
    """A cookie is not sent after its time."""
    assert Cookie("a", "1", expires=NOW + 1).sent_to("/", NOW)
    assert not Cookie("a", "1", expires=NOW).sent_to("/", NOW)


def test_the_jar_begins_with_the_handshakes_cookies() -> None:
    """What the browser sent is what the app gets, until an answer changes it."""
    jar = CookieJar("a=1; b=2; c", secure=False)
    assert jar.header("/x") == "a=1; b=2"
    assert jar.update(["a=3; Path=/", "b=; Max-Age=0; Path=/"], "/")
    assert jar.header("/x") == "a=3"


def test_a_max_age_of_other_digits_is_none() -> None:
    """A superscript is a digit to Python, but no number of seconds."""
    cookie = parse_set_cookie("a=1; Max-Age=\u00b9", "/", 0.0)
    assert cookie is not None
    assert cookie.expires is None


def test_two_cookies_of_one_name() -> None:
    """Of two handshake cookies with one name the app reads the first, as over HTTP."""
    assert CookieJar("a=1; a=2", secure=False).header("/").startswith("a=1")


def test_a_secure_cookie_needs_a_secure_connection() -> None:
    """A Secure cookie is kept over https and on the machine itself, and dropped elsewhere."""
    for secure in (True, False):
        jar = CookieJar("", secure=secure)
        assert jar.update(["a=1; Secure; Path=/"], "/") is secure
        assert bool(jar.header("/")) is secure
    assert keeps_secure("https", "shop.example")
    assert keeps_secure("wss", "shop.example:444")
    assert keeps_secure("http", "localhost:5000")
    assert keeps_secure("http", "[::1]:5000")
    assert not keeps_secure("http", "localhost.evil.example")


def test_what_a_browser_would_notice() -> None:
    """An update is news where a value changed, a cookie came or one went; a new signature alone is not."""
    jar = CookieJar("", secure=False)
    session = "eyJ1c2VyIjoxfQ.{}.abcdefghijklmnopqrstuvwxyzA"
    assert jar.update([f"session={session.format('aaaaaa')}; Path=/"], "/")
    assert not jar.update([f"session={session.format('bbbbbb')}; Path=/"], "/")
    assert session.format("bbbbbb") in jar.header("/"), "but the newer one is sent"
    assert jar.update(["session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/"], "/")
    assert not jar.update(["session=; Max-Age=0; Path=/"], "/")


def test_updates_from_two_threads_are_both_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that sets a cookie while another answer is being read into the jar loses neither."""
    jar = CookieJar("", secure=False)
    second = threading.Thread(target=lambda: jar.update(["b=2; Path=/"], "/"))

    def parse(header: str, path: str, now: float) -> Cookie | None:
        if header.startswith("a"):
            second.start()
            second.join(0.3)  # ends at once, or waits for its turn
        return parse_set_cookie(header, path, now)

    monkeypatch.setattr(cookies, "parse_set_cookie", parse)
    jar.update(["a=1; Path=/"], "/")
    second.join()
    assert sorted(jar.header("/").split("; ")) == ["a=1", "b=2"]
