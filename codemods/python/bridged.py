"""What an app that has a Bridge says about its event names: ``names=...`` and ``@bridge.event(...)``."""

from __future__ import annotations

from codemods.python.operators import elements
from codemods.python.values import UNKNOWN, App, Bridged, Call, Gone, Registrar, Value

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
        return Registrar(bridge, "event", call)
    return UNKNOWN


def registered(bridge: Bridged, call: Call, handler: Value) -> bool:
    """Do what ``@bridge.event(...)`` does to what stands below it; False where its endpoint cannot be read."""
    route, endpoint = call.keywords.get("replaces"), call.keywords.get("endpoint", "")
    if not isinstance(endpoint, str):
        return False
    parts = _choose(bridge, route, call.get(0, "name"))
    if endpoint and parts is not None:
        resource = call.keywords.get("resource")
        bridge.gone[parts] = Gone(endpoint, resource if isinstance(resource, str) else "", handler)
    return True


def _mount(bridge: Bridged, app: Value) -> None:
    if isinstance(app, App):
        app.bridge, bridge.app = bridge, app


def _choose(bridge: Bridged, route: Value, name: Value) -> tuple[str, str] | None:
    parts = elements(route) or []
    if len(parts) != 2 or not all(isinstance(one, str) for one in (*parts, name)):
        return None
    bridge.chosen[parts[0].upper(), parts[1]] = name
    return parts[0].upper(), parts[1]
