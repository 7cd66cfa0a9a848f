"""What both clients share: where they connect, as whom, and with what."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from bridge.browsers import COOKIE, SECURE_COOKIE, new_browser_id
from bridge.errors import BridgeError
from bridge.pyclient.errors import CallTimeout, ConnectionFailed, error

TIMEOUT = 60.0
"""Seconds that a call waits for its answer, unless it or the client is told otherwise."""
MAX_PAYLOAD = 1_000_000
ENVELOPE = 512


class Json:
    """How packets are written: what JSON does not know goes as its text, as it would into a URL."""

    @staticmethod
    def dumps(value: Any, **options: Any) -> str:
        """Write a packet; NaN is refused here, where the server would refuse it."""
        return json.dumps(value, default=str, allow_nan=False, **options)

    loads = staticmethod(json.loads)


def need(packages: Mapping[str, str]) -> None:
    """Raise BridgeError where a package is missing; ``packages`` maps a module to what has it."""
    missing = [name for name, module in packages.items() if find_spec(module) is None]
    if missing:
        msg = f"a Python client needs {' and '.join(missing)}: pip install 'fetch2socket[client]'"
        raise BridgeError(msg)


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL; a path in it is that of routes, which events do not need."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        msg = f"connect to a URL with a scheme, such as http://localhost:5555, not to {url!r}"
        raise BridgeError(msg)
    return f"{parts.scheme}://{parts.netloc}"


@dataclass(eq=False)
class Identity:
    """Who a client is to the server, over all its connections: the cookies that answers set."""

    origin: str
    keeps_cookies: bool = True
    jar: CookieJar = field(default_factory=CookieJar)
    browser: str = field(default_factory=new_browser_id)

    @property
    def auth(self) -> dict[str, Any]:
        """What the CONNECT packet says: this client fetches cookies, or wants none kept."""
        return {"bridge": 1} if self.keeps_cookies else {"cookies": False}

    def handshake(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return the headers of a handshake."""
        given = next((value for name, value in headers.items() if name.lower() == "cookie"), "")
        own = [f"{cookie.name}={cookie.value}" for cookie in self.jar if not cookie.is_expired()]
        cookies = "; ".join([*filter(None, [given]), *own, self._id])
        return {**{name: text for name, text in headers.items() if name.lower() != "cookie"}, "Cookie": cookies}

    def redeem(self, ticket: str) -> None:
        """Fetch the cookies that an answer set; the server holds the answer back until this is done."""
        request = urllib.request.Request(f"{self.origin}/socket.io/ticket", ticket.encode(), {"Cookie": self._id})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=3) as answer:
                self.jar.extract_cookies(answer, urllib.request.Request(self.origin))
        except OSError:
            return  # the connection has them all the same; a later one will not

    @property
    def _id(self) -> str:
        name = SECURE_COOKIE if self.origin.startswith("https:") else COOKIE
        return f"{name}={self.browser}"


def failed(origin: str, reason: object) -> ConnectionFailed:
    """Return the error of a connection that could not be made."""
    return error(ConnectionFailed, f"cannot connect to {origin}: {reason}")


def unanswered(event: str, seconds: float) -> CallTimeout:
    """Return the error of a call whose answer did not come in time."""
    return error(CallTimeout, f"{event} was not answered within {seconds:g} s")


def broke(origin: str, event: str) -> ConnectionFailed:
    """Return the error of a call whose connection broke."""
    return error(ConnectionFailed, f"the connection to {origin} broke before {event} was answered")


def max_payload(hello: Any, known: int) -> int:
    """Return how many bytes the server takes, by what it says when it connects; else what is known."""
    said = hello.get("maxPayload") if isinstance(hello, dict) else None
    return said if isinstance(said, int) else known


def too_large(limit: int) -> dict[str, Any]:
    """Return the ack of a call that the server would end the connection for."""
    message = f"The payload is larger than the {limit} bytes that the server takes"
    return {"ok": False, "status": 413, "data": {"message": message}, "errors": message}


def size_of(event: str, values: tuple[Any, ...]) -> int:
    """Return how many bytes a call has on the wire."""
    return len(Json.dumps([event, *values]).encode()) + ENVELOPE
