"""Puts a bridge beside the routes of an app that may have one already, for the commands that take any app."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from bridge.extension import Bridge


def mounted(app: Flask, mode: str, origins: Collection[str] = ()) -> tuple[Any, Bridge]:
    """Return the app's Flask-SocketIO object and its Bridge, made where they are missing.

    ``origins`` may connect beside the app's own; they count for a SocketIO object that is made here only.
    """
    from flask_socketio import SocketIO

    from bridge.extension import Bridge

    socketio = app.extensions.get("socketio")
    if socketio is None:
        # None is "same origin"; a list replaces it, so the app's own origin is added by a callable.
        allowed = None if not origins else lambda origin, environ: origin in origins or _is_own(origin, environ)
        socketio = SocketIO(app, async_mode=mode, cors_allowed_origins=allowed)
    return socketio, app.extensions.get("bridge") or Bridge(app, socketio)


def _is_own(origin: str, environ: dict[str, str]) -> bool:
    return origin == f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}"
