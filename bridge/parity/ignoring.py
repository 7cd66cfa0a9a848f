"""Differences that are known and accepted for now: each with a reason, some until a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import TypeVar

from bridge.errors import BridgeError
from bridge.parity.result import Route, general

T = TypeVar("T")
_ATTRIBUTE = "parity_ignores"


@dataclass(frozen=True, slots=True)
class Ignore:
    """``route`` is an event or ``POST /coaches``, ``path`` as reports give it; ``*`` stands for anything in both."""

    route: str
    path: str
    reason: str
    until: date | None = None

    def covers(self, route: Route, path: str) -> bool:
        """Tell whether a difference is meant; those below its path are too. Not after its day."""
        if self.until is not None and date.today() > self.until:
            return False
        is_route = fnmatchcase(route.event, self.route) or fnmatchcase(route.title, self.route)
        shape, wanted = general(path), general(self.path)
        is_below = shape.startswith((f"{wanted}.", f"{wanted}["))
        return is_route and (is_below or fnmatchcase(_plain(shape), _plain(wanted)))


def _plain(path: str) -> str:
    """``[*]`` is a set of characters to fnmatch."""
    return path.replace("[*]", "#")


def parity_ignore(route: str, path: str, *, reason: str, until: str | date | None = None) -> Callable[[T], T]:
    """Accept one difference in a test that uses the ``parity`` fixture, or in a ``ParityMachine``.

    ``@parity_ignore("POST /coaches", "$.headers.etag", reason="...", until="2027-01-31")``: later it counts again.
    """
    known = Ignore(route, path, reason, _day(until))

    def mark(item: T) -> T:
        setattr(item, _ATTRIBUTE, (*getattr(item, _ATTRIBUTE, ()), known))
        return item

    return mark


def ignores_of(*items: object) -> tuple[Ignore, ...]:
    """Return what was said on a function, its class, its module."""
    return tuple(one for item in items for one in getattr(item, _ATTRIBUTE, ()))


def read_ignores(lines: Iterable[str]) -> tuple[Ignore, ...]:
    """Read ``POST /coaches | $.headers.etag | why | 2027-01-31``, a line each; the day may be missing."""
    return tuple(_read(line) for line in lines if line.strip())


def _read(line: str) -> Ignore:
    parts = [part.strip() for part in line.split("|")]
    if not 3 <= len(parts) <= 4 or not all(parts):
        msg = f"write ROUTE | PATH | REASON, or ROUTE | PATH | REASON | YEAR-MONTH-DAY, and not {line!r}"
        raise BridgeError(msg)
    route, path, reason, *day = parts
    return Ignore(route, path, reason, _day(day[0]) if day else None)


def _day(text: str | date | None) -> date | None:
    if text is None or isinstance(text, date):
        return text
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = f"until is a day such as 2027-01-31, not {text!r}"
        raise BridgeError(msg) from error
