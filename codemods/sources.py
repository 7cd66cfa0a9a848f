"""Finds the event map that ``--events`` names."""

from __future__ import annotations

import importlib
from pathlib import Path

from bridge.errors import BridgeError
from bridge.events import EventMap


def load_events(source: str, app_dir: str) -> EventMap:
    """Return the event map of a file, or of ``module:app``, for which alone the app is imported.

    Raises BridgeError with one line that says what to do.
    """
    path = Path(source)
    if path.is_dir():
        msg = f"{source} is a folder; give an event map file or module:app"
        raise BridgeError(msg)
    if path.exists() or source.endswith(".json"):
        return _load_file(path)
    if ":" not in source:
        hint = "write a map with `fetch2socket events module:app -o events.json`"
        msg = f"{source} is neither a file nor module:app; {hint}"
        raise BridgeError(msg)
    found = importlib.import_module("bridge.discovery").load_event_map(source, app_dir)
    assert isinstance(found, EventMap)
    return found


def _load_file(path: Path) -> EventMap:
    try:
        return EventMap.load(path)
    except OSError as error:
        msg = f"{path}: {error.strerror}"
        raise BridgeError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path} is no event map: it is not UTF-8"
        raise BridgeError(msg) from error
