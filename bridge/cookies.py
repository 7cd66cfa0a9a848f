"""A connection's cookies: what the browser sent with the handshake, kept up to date by every answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime

#: Hosts to which browsers return Secure cookies over plain http too, since nobody stands in between.
_TRUSTWORTHY = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie; ``expires`` is a Unix time in seconds, None for a session cookie."""

    name: str
    value: str
    path: str = "/"
    expires: float | None = None
    secure: bool = False

    def sent_to(self, path: str, now: float) -> bool:
        """True where a browser would send this cookie with a request for ``path``."""
        if self.expires is not None and self.expires <= now:
            return False
        if self.path == "/" or path == self.path:
            return True
        return path.startswith(self.path if self.path.endswith("/") else self.path + "/")


def parse_set_cookie(header: str, request_path: str, now: float) -> Cookie | None:
    """Read one Set-Cookie header as a browser does (RFC 6265, 5.2); None where it has no name."""
    pair, *attributes = header.split(";")
    name, mark, value = pair.partition("=")
    if not mark or not name.strip():
        return None
    cookie = Cookie(name.strip(), value.strip(), default_path(request_path))
    max_age: float | None = None
    for attribute in attributes:
        key, _, text = attribute.partition("=")
        key, text = key.strip().lower(), text.strip()
        if key == "path" and text.startswith("/"):
            cookie = replace(cookie, path=text)
        elif key == "secure":
            cookie = replace(cookie, secure=True)
        elif key == "max-age":
            max_age = _seconds(text)
        elif key == "expires":
            cookie = replace(cookie, expires=_date(text))
    return cookie if max_age is None else replace(cookie, expires=now + max_age)


def default_path(request_path: str) -> str:
    """Return the path of a cookie that names none: the folder of the request's path."""
    return request_path.rpartition("/")[0] or "/"


def _seconds(text: str) -> float | None:
    digits = text.removeprefix("-")
    return float(text) if digits.isascii() and digits.isdigit() else None


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except ValueError:
        return None


class CookieJar:
    """The cookies of one connection; replaced whole, so that a reader needs no lock to see a whole change."""

    def __init__(self, header: str, *, secure: bool) -> None:
        """Start with a Cookie header; ``secure`` says whether Secure cookies come back on this connection."""
        self._secure = secure
        self._lock = threading.Lock()
        self._cookies: dict[str, Cookie] = {}
        for pair in header.split(";"):
            name, mark, value = pair.strip().partition("=")
            if mark:
                self._cookies.setdefault(name, Cookie(name, value))  # of two with one name apps read the first

    def copy(self) -> CookieJar:
        """Return a jar with the cookies that are in this one now."""
        made = CookieJar("", secure=self._secure)
        made._cookies = self._cookies
        return made

    def header(self, path: str) -> str:
        """Return the Cookie header for a request, "" if no cookie goes with it."""
        now = time.time()
        return "; ".join(f"{c.name}={c.value}" for c in self._cookies.values() if c.sent_to(path, now))

    def update(self, set_cookies: Iterable[str], request_path: str) -> bool:
        """Apply Set-Cookie headers and return True if the browser would notice more than a new signature."""
        with self._lock:
            return self._update(set_cookies, request_path, time.time())

    def _update(self, set_cookies: Iterable[str], request_path: str, now: float) -> bool:
        cookies, noticed = dict(self._cookies), False
        for header in set_cookies:
            cookie = parse_set_cookie(header, request_path, now)
            if cookie is None or (cookie.secure and not self._secure):
                continue
            old = cookies.pop(cookie.name, None)
            gone = cookie.expires is not None and cookie.expires <= now
            if not gone:
                cookies[cookie.name] = cookie
            noticed = noticed or _differs(old, None if gone else cookie)
        self._cookies = cookies
        return noticed


def _differs(old: Cookie | None, new: Cookie | None) -> bool:
    """True unless both are the same content; Flask signs an unchanged session anew each second."""
    if old is None or new is None:
        return old is not new
    return _content(old.value) != _content(new.value)


def is_opaque(set_cookie: str) -> bool:
    """True for a cookie that may stand for something that the server keeps: what that is may have changed unseen."""
    value = set_cookie.partition(";")[0].partition("=")[2].strip()
    return bool(value) and _content(value) == value


def _content(value: str) -> str:
    """Return a cookie value without the timestamp and signature that itsdangerous puts at its end.

    Any other value with two dots, such as a JWT, has a longer middle part and is compared whole.
    """
    parts = value.rsplit(".", 2)
    is_session = len(parts) == 3 and len(parts[1]) == 6 and len(parts[2]) >= 27
    return parts[0] if is_session else value


def keeps_secure(scheme: str, host: str) -> bool:
    """True where a browser returns Secure cookies: over https, and to the machine itself."""
    return scheme in ("https", "wss") or host.rpartition(":")[0] in _TRUSTWORTHY or host in _TRUSTWORTHY
