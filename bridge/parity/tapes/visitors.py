"""Tells browsers apart by their cookies and tokens, and gives them numbers that say nothing else about them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable

#: A shorter cookie is one that many browsers have alike: ``theme=dark``.
_OWN = 12
_MOST = 100_000


class Visitors:
    """Which browser has which cookies; the oldest are forgotten once there are very many.

    Cookies are kept as keyed digests only, in memory.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._known: dict[bytes, int] = {}
        self._count = 0

    def who(self, marks: Iterable[str]) -> int:
        """Return the browser with one of these cookies or tokens, a new number where none is known, 0 without any."""
        digests = [self._digest(mark) for mark in marks if len(mark) >= _OWN]
        if not digests:
            return 0
        known = [self._known[digest] for digest in digests if digest in self._known]
        number = known[0] if known else self._next()
        self._keep(digests, number)
        return number

    def given(self, who: int, marks: Iterable[str]) -> int:
        """Note that a browser was given cookies or tokens by an answer; one that was nobody so far gets a number."""
        digests = [self._digest(mark) for mark in marks if len(mark) >= _OWN]
        if not digests:
            return who
        who = who or self._next()
        self._keep(digests, who)
        return who

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _keep(self, digests: Iterable[bytes], number: int) -> None:
        for digest in digests:
            self._known.pop(digest, None)  # so that it is the youngest
            self._known[digest] = number
        while len(self._known) > _MOST:
            del self._known[next(iter(self._known))]

    def _digest(self, mark: str) -> bytes:
        return hashlib.blake2b(mark.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()


def cookie_values(header: str) -> list[str]:
    """Return the values of a Cookie header."""
    return [value.strip().strip('"') for _, mark, value in (pair.partition("=") for pair in header.split(";")) if mark]


def set_value(header: str) -> str:
    """Return the value of a Set-Cookie header, "" where it takes the cookie away."""
    return header.partition(";")[0].partition("=")[2].strip().strip('"')


def credential_in(authorization: str) -> str:
    """Return what an Authorization header has behind the name of its scheme."""
    return authorization.partition(" ")[2].strip() or authorization.strip()
