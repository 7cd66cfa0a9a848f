"""Finds which route of an event map a request is for, and its parameters, without the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, Map, Rule
from werkzeug.routing.converters import DEFAULT_CONVERTERS

from bridge.events import Event, EventMap
from bridge.naming import converters


class _Own(BaseConverter):
    """An app's own URL converter: a segment, as text."""

    def __init__(self, map: Map, *_args: Any, **_kwargs: Any) -> None:
        super().__init__(map)


@dataclass(frozen=True, slots=True)
class Matched:
    """An event and its path parameters, as JSON has them."""

    event: Event
    params: Mapping[str, Any]


class Routing:
    """The rules of an event map as a URL map."""

    def __init__(self, event_map: EventMap) -> None:
        own = {one.kind: _Own for event in event_map for one in converters(event.rule)}
        self._events = {event.event: event for event in event_map}
        rules = [_rule(text, event) for event in event_map for text in (event.rule, *event.aliases)]
        self._map = Map(rules, converters={**own, **DEFAULT_CONVERTERS}, strict_slashes=False, merge_slashes=False)

    def match(self, method: str, path: str) -> Matched | None:
        """Return what a request is for; None where the map has no such route."""
        try:
            name, values = self._map.bind("localhost").match(path, method)
        except HTTPException:
            return None
        return Matched(
            self._events[name], {key: str(value) if isinstance(value, UUID) else value for key, value in values.items()}
        )


def _rule(text: str, event: Event) -> Rule:
    rule = Rule(text, endpoint=event.event, methods=[event.method])
    rule.methods = {event.method}  # Werkzeug adds HEAD to GET, the event map doesn't
    return rule
