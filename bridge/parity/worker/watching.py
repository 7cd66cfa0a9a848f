"""Notes what a request does beside answering: SQL, session, headers, cookies, exceptions, announcements."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

_READS = re.compile(r"\s*(?:SELECT|WITH|PRAGMA|EXPLAIN|SHOW)\b", re.IGNORECASE)
_FROM = re.compile(r"\bFROM\s+\"?([\w.]+)", re.IGNORECASE)
#: One row at most, or one number: their order says nothing.
_SINGLE = re.compile(
    r"\bWHERE \S+?\.(?:\w*id|pk) = |\bLIMIT 1\b|^\s*SELECT (?:count|sum|max|min|avg|EXISTS)\b", re.IGNORECASE
)
_HEADERS = (
    "location",
    "www-authenticate",
    "cache-control",
    "etag",
    "allow",
    "vary",
    "link",
    "retry-after",
    "content-language",
    "content-disposition",
)
_COMPARED = re.compile(r"x-.*|" + "|".join(_HEADERS))


class Watching:
    """What was seen since ``start``; SQL is seen at every engine of the process."""

    def __init__(self) -> None:
        self.start()
        self._unfinished: set[int] = set()
        self._pools: dict[int, Any] = {}

    def start(self) -> None:
        """Forget the last step."""
        self.sql = {"statements": 0, "commits": 0, "rollbacks": 0}
        self.unordered: set[str] = set()
        self.headers: dict[str, str] = {}
        self.cookies: dict[str, str] = {}
        self.session: dict[str, Any] = {}
        self.exception = ""
        self.early: list[str] = []
        self.wrote = False
        self.writes_committed = False

    # -- SQL --------------------------------------------------------------------------------------

    def watch_sql(self) -> None:
        """Listen to all engines, also those that are made later; before the bridge does."""
        from sqlalchemy import event
        from sqlalchemy.engine import Engine
        from sqlalchemy.engine.default import DefaultDialect

        event.listen(Engine, "after_cursor_execute", self._executed)
        event.listen(Engine, "engine_connect", self._connected)
        event.listen(Engine, "commit", lambda _connection: self._count("commits"))
        event.listen(Engine, "rollback", lambda _connection: self._count("rollbacks"))
        DefaultDialect.do_commit = self._after(DefaultDialect.do_commit, self._committed)  # type: ignore[method-assign]
        DefaultDialect.do_rollback = self._after(DefaultDialect.do_rollback, self._rolled_back)  # type: ignore[method-assign]

    @staticmethod
    def _after(original: Callable[..., Any], then: Callable[[Any], None]) -> Callable[..., Any]:
        def both(dialect: Any, connection: Any) -> Any:
            result = original(dialect, connection)
            then(connection)
            return result

        return both

    def _executed(self, conn: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
        self._count("statements")
        writes, unordered = _kind(statement)
        if writes:
            self.wrote = True
            self._unfinished.add(id(conn.connection.dbapi_connection))
        elif unordered:
            self.unordered.add(unordered)

    def _connected(self, conn: Any) -> None:
        self._pools[id(conn.engine.pool)] = conn.engine.pool

    def _count(self, what: str) -> None:
        self.sql[what] += 1

    def _committed(self, connection: Any) -> None:
        key = _raw(connection)
        if key in self._unfinished:
            self.writes_committed = True
        self._unfinished.discard(key)

    def _rolled_back(self, connection: Any) -> None:
        self._unfinished.discard(_raw(connection))

    @property
    def is_uncommitted(self) -> bool:
        """True while a write waits for its commit, on any connection."""
        return bool(self._unfinished)

    @property
    def connections(self) -> int:
        """The connections that are taken from their pools now."""
        return sum(pool.checkedout() for pool in self._pools.values() if hasattr(pool, "checkedout"))

    # -- requests ---------------------------------------------------------------------------------

    def watch_requests(self, starts: Callable[[], None]) -> None:
        """Listen to the requests of all apps of the process; ``starts`` is called at the beginning of each."""
        from flask import got_request_exception, request_finished, request_started

        request_started.connect(lambda _sender, **_more: starts(), weak=False)
        request_finished.connect(self._finished, weak=False)
        got_request_exception.connect(self._raised, weak=False)

    def _finished(self, _sender: Any, response: Any, **_more: Any) -> None:
        from flask import session

        self.session = {
            str(key): value for key, value in dict(session or {}).items() if not str(key).startswith("_perm")
        }
        # One name may come twice, from redirects: the last one counts, as in a browser.
        self.headers = {
            key.lower(): value for key, value in response.headers.items() if _COMPARED.fullmatch(key.lower())
        }
        self.cookies |= dict(map(_cookie, response.headers.getlist("Set-Cookie")))

    def _raised(self, _sender: Any, exception: BaseException, **_more: Any) -> None:
        self.exception = type(exception).__name__


@functools.lru_cache(4096)
def _kind(statement: str) -> tuple[bool, str]:
    """Return whether a statement writes, and the table that it reads many rows of in no order; "" for none."""
    if not _READS.match(statement):
        return True, ""
    if "ORDER BY" in statement or _SINGLE.search(statement):
        return False, ""
    return False, next(iter(_FROM.findall(statement)), "")


def _raw(connection: Any) -> int:
    return id(getattr(connection, "dbapi_connection", connection))


def _cookie(header: str) -> tuple[str, str]:
    """Return (name, attributes) of a Set-Cookie header: whether it has a value, and how long and where it holds."""
    pair, *attributes = (part.strip() for part in header.split(";"))
    name, _, value = pair.partition("=")
    return name, "; ".join(["set" if value else "emptied", *sorted(attributes)])
