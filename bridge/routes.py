"""Makes a list of routes an event map, alike for an app that runs and for source that is only read.

Standard library only, as ``naming.py`` is: the codemods use it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bridge.events import Event, EventMap
from bridge.naming import name_events

Names = Mapping[tuple[str, str], str]
_ORDER = ("GET", "POST", "PATCH", "PUT", "DELETE")


def map_of(routes: Iterable[Event], names: Names | None = None) -> EventMap:
    """Return the event map of routes in the order of the app's URL map; twins are folded, events named."""
    return EventMap.of(name_events(_without_twins(routes), names))


def configured_names(config: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Return the names that an app's config chooses: ``BRIDGE_NAMES = {"POST /coaches": "add_coach"}``."""
    names = {}
    for key, name in config.get("BRIDGE_NAMES", {}).items():
        method, _, rule = str(key).partition(" ")
        names[method.upper(), rule] = name
    return names


def is_static(endpoint: str) -> bool:
    """True for the endpoints by which Flask and its blueprints serve files."""
    return endpoint == "static" or endpoint.endswith(".static")


def answered_methods(
    methods: Iterable[str], *, has_head: bool, has_options: bool, is_options_automatic: bool
) -> list[str]:
    """Return the methods that the app answers itself, in order; HEAD and OPTIONS only where somebody wrote them.

    ``methods`` are the rule's, those that Flask added among them.
    """
    kept = set(methods)
    if "GET" in kept and not has_head:
        kept.discard("HEAD")
    if is_options_automatic and not has_options:
        kept.discard("OPTIONS")
    return sorted(kept, key=lambda m: (_ORDER.index(m) if m in _ORDER else len(_ORDER), m))


def _without_twins(routes: Iterable[Event]) -> list[Event]:
    """Fold rules that differ by a trailing slash only into one event; a rule registered twice counts once."""
    kept: dict[tuple[str, str, str], Event] = {}
    taken: set[tuple[str, str]] = set()
    for route in routes:
        if (route.method, route.rule) in taken:
            continue
        taken.add((route.method, route.rule))
        key = (route.method, route.endpoint, route.rule.rstrip("/") or "/")
        twin = kept.get(key)
        kept[key] = replace(twin, aliases=(*twin.aliases, route.rule)) if twin else route
    return list(kept.values())
