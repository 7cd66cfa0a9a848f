"""Keeps HTTP and the open sockets of one browser on the same cookies.

A browser is known by a random cookie that it gets with its Socket.IO handshake. An HTTP answer that
sets cookies reaches the jars of its open sockets before it reaches the browser; a socket answer that
sets cookies reaches the browser by a one-time ticket, which the client module redeems over HTTP.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.connection import Connection

COOKIE = "fetch2socket_browser"
#: Over https the prefix keeps a sister domain from planting its own browser id (RFC 6265bis, 4.1.3).
SECURE_COOKIE = f"__Host-{COOKIE}"
TICKET_SECONDS = 30.0


def browser_id(cookie_header: str, *, secure: bool) -> str:
    """Return the browser id in a Cookie header, "" if it has none that looks like ours."""
    wanted = SECURE_COOKIE if secure else COOKIE
    for pair in cookie_header.split(";"):
        name, _, value = pair.strip().partition("=")
        if name == wanted and len(value) == 32 and value.isalnum():
            return value
    return ""


def new_browser_id() -> str:
    """Return 128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(16)


def browser_cookie(identity: str, *, secure: bool) -> str:
    """Return the Set-Cookie header that makes a browser recognisable until it is closed."""
    if secure:
        return f"{SECURE_COOKIE}={identity}; Path=/; HttpOnly; SameSite=Lax; Secure"
    return f"{COOKIE}={identity}; Path=/; HttpOnly; SameSite=Lax"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Cookies that a browser may fetch once; ``redeemed`` is called when it does, or when time is up."""

    browser: str
    set_cookies: tuple[str, ...]
    redeemed: Callable[[], None]
    deadline: float = field(default_factory=lambda: time.monotonic() + TICKET_SECONDS)


class Browsers:
    """All open connections by browser, and the tickets under way. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connections: dict[str, set[Connection]] = {}
        self._tickets: dict[str, Ticket] = {}

    def __bool__(self) -> bool:
        """True while any socket is open; an app without sockets pays nothing."""
        return bool(self._connections)

    def add(self, connection: Connection) -> None:
        """Take in a connection that was accepted."""
        with self._lock:
            self._connections.setdefault(connection.browser, set()).add(connection)

    def remove(self, connection: Connection) -> None:
        """Forget a connection that has ended."""
        with self._lock:
            group = self._connections.get(connection.browser, set())
            group.discard(connection)
            if not group:
                self._connections.pop(connection.browser, None)

    def of(self, browser: str) -> tuple[Connection, ...]:
        """Return the open connections of a browser."""
        with self._lock:
            return tuple(self._connections.get(browser, ()))

    def apply(self, browser: str, set_cookies: Iterable[str], path: str) -> bool:
        """Put cookies into the jars of all connections of a browser; True if they changed one."""
        changed = [connection for connection in self.of(browser) if connection.jar.update(set_cookies, path)]
        for connection in changed:
            connection.cookies_changed()
        return bool(changed)

    def issue(self, ticket: Ticket) -> str:
        """Keep a ticket and return its number, good for one use within TICKET_SECONDS."""
        number, now = secrets.token_urlsafe(24), time.monotonic()
        with self._lock:
            for old in [key for key, value in self._tickets.items() if value.deadline < now]:
                del self._tickets[old]
            self._tickets[number] = ticket
        return number

    def redeem(self, number: str, browser: str) -> Ticket | None:
        """Take a ticket out; None where it is unknown, used, too old or another browser's."""
        with self._lock:
            ticket = self._tickets.get(number)
            if ticket is None or ticket.browser != browser or ticket.deadline < time.monotonic():
                return None
            return self._tickets.pop(number)
