"""The event map: the table route <-> event, and the only thing that ``bridge`` and ``codemods`` share.

Standard library only, so that the codemods start without loading Flask.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bridge.errors import BridgeError

VERSION = 1
BODILESS = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Event:
    """One route and the event that stands for it.

    ``rule`` is the URL rule as Flask writes it (``/coaches/<int:id>``); ``params`` are its path
    parameters in order; ``resource`` is the Resource class name, or "" for a plain route;
    ``aliases`` are further rules of the same route that differ by a trailing slash only;
    ``live`` is the name of the live collection that this GET feeds, or ""; ``status`` is 204 where
    every good answer of the route is known to be empty, else 0.
    """

    event: str
    method: str
    rule: str
    params: tuple[str, ...] = ()
    endpoint: str = ""
    resource: str = ""
    aliases: tuple[str, ...] = ()
    live: str = ""
    status: int = 0

    @property
    def has_body(self) -> bool:
        """True when a single argument of this event is the body rather than the params."""
        return self.method not in BODILESS

    def to_dict(self) -> dict[str, Any]:
        """Return the row as the event map document writes it; empty optional keys are left out."""
        row: dict[str, Any] = {
            "event": self.event,
            "method": self.method,
            "rule": self.rule,
            "params": list(self.params),
            "endpoint": self.endpoint,
            "resource": self.resource,
        }
        if self.aliases:
            row["aliases"] = list(self.aliases)
        if self.live:
            row["live"] = self.live
        if self.status:
            row["status"] = self.status
        return row

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> Event:
        """Read one row; unknown keys are ignored, so that newer maps stay readable."""
        return cls(
            event=row["event"],
            method=row["method"],
            rule=row["rule"],
            params=tuple(row.get("params", ())),
            endpoint=row.get("endpoint", ""),
            resource=row.get("resource", ""),
            aliases=tuple(row.get("aliases", ())),
            live=row.get("live", ""),
            status=row.get("status", 0),
        )


@dataclass(frozen=True)
class EventMap:
    """All events of one app, in the order of its URL map."""

    events: tuple[Event, ...]
    _by_name: dict[str, Event] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {event.event: event for event in self.events})

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    def get(self, name: object) -> Event | None:
        """Return the event called ``name``, or None; any hashable or unhashable value may be asked for."""
        return self._by_name.get(name) if isinstance(name, str) else None

    def to_json(self) -> str:
        """Return the event map document, one event a line, so that diffs of it read well."""
        rows = ",\n".join(f"    {json.dumps(event.to_dict())}" for event in self.events)
        return f'{{\n  "version": {VERSION},\n  "events": [\n{rows}\n  ]\n}}\n'

    @classmethod
    def from_json(cls, text: str, source: str = "event map") -> EventMap:
        """Read an event map document; ``source`` names it in errors."""
        try:
            document = json.loads(text)
            if document["version"] != VERSION:
                msg = f"{source}: version {document['version']} is not {VERSION}; write it again with this fetch2socket"
                raise BridgeError(msg)
            return cls(tuple(Event.from_dict(row) for row in document["events"]))
        except (ValueError, KeyError, TypeError) as error:
            msg = f"{source} is no event map: write one with `fetch2socket events module:app -o events.json`"
            raise BridgeError(msg) from error

    @classmethod
    def load(cls, path: Path) -> EventMap:
        """Read an event map file."""
        return cls.from_json(path.read_text(encoding="utf-8"), str(path))

    @classmethod
    def of(cls, events: Iterable[Event]) -> EventMap:
        """Build a map from events in any iterable."""
        return cls(tuple(events))
