"""What an app that has a Bridge says about its event names: ``names=...`` and ``@bridge.event(...)``."""

from __future__ import annotations

from codemods.python.operators import elements
from codemods.python.values import UNKNOWN, App, Bridged, Call, Value

BRIDGES = frozenset({"bridge.Bridge", "bridge.extension.Bridge"})


def made(call: Call) -> Bridged:
    """Return what ``Bridge(...)`` makes."""
    bridge = Bridged()
    names = call.keywords.get("names")
    for route, name in names.items() if isinstance(names, dict) else ():
        _choose(bridge, route, name)
    _mount(bridge, call.get(0, "app"))
    return bridge


def called(bridge: Bridged, name: str, call: Call) -> Value:
    """Call a method of a Bridge."""
    if name == "init_app":
        _mount(bridge, call.get(0, "app"))
    elif name == "event":
        _choose(bridge, call.keywords.get("replaces"), call.get(0, "name"))
    return UNKNOWN


def _mount(bridge: Bridged, app: Value) -> None:
    if isinstance(app, App):
        app.bridge, bridge.app = bridge, app


def _choose(bridge: Bridged, route: Value, name: Value) -> None:
    parts = elements(route) or []
    if len(parts) == 2 and all(isinstance(one, str) for one in (*parts, name)):
        bridge.chosen[parts[0].upper(), parts[1]] = name
