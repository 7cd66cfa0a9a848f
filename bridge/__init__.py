"""Runs a Flask app's Resources and their Socket.IO events side by side over the same models.

Names are resolved on first use: ``bridge.events`` is imported by the codemods, which must not load Flask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bridge.errors import BridgeError
    from bridge.extension import Bridge

__all__ = ["Bridge", "BridgeError"]


def __getattr__(name: str) -> Any:
    if name == "Bridge":
        from bridge.extension import Bridge

        return Bridge
    if name == "BridgeError":
        from bridge.errors import BridgeError

        return BridgeError
    msg = f"module 'bridge' has no attribute {name!r}"
    raise AttributeError(msg)
