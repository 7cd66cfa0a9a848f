"""The user's app in this process, with what belongs to one surface: nothing, the bridge, or its native handlers too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.discovery import discover, load_app
from bridge.errors import BridgeError
from bridge.mounting import mounted
from bridge.parity.result import BRIDGED, CONTROL, NATIVE
from bridge.parity.worker.surfaces import HTTPSurface, SocketSurface, Surface
from bridge.routes import configured_names

if TYPE_CHECKING:
    from flask import Flask

    from bridge.events import EventMap


def loaded(source: str, app_dir: str, surface: str) -> tuple[Flask, EventMap, Surface]:
    """Import the app and return it with its event map and what asks it; raises BridgeError with one line."""
    app = load_app(source, app_dir)
    bridge = app.extensions.get("bridge")
    if surface == CONTROL:
        event_map = bridge.map_of(app) if bridge is not None else discover(app, configured_names(app.config))
        return app, event_map, HTTPSurface(app, event_map)
    _, bridge = mounted(app, "threading")
    if surface == BRIDGED:
        bridge.answer_by_resources(app)
    event_map = bridge.map_of(app)
    return app, event_map, SocketSurface(app, event_map)


def native_events(app: Flask) -> list[str]:
    """Return the events that have a native handler; [] for an app without a bridge."""
    bridge = app.extensions.get("bridge")
    return bridge.native_events(app) if bridge is not None else []


def candidates(wanted: str, natives: list[str]) -> tuple[str, ...]:
    """Return the surfaces to compare; raises BridgeError where there is none."""
    if wanted == "all":
        return (BRIDGED, NATIVE) if natives else (BRIDGED,)
    if wanted == NATIVE and not natives:
        msg = "this app has no native handlers: fetch2socket server makes them, or --surface bridge"
        raise BridgeError(msg)
    return (wanted,)
