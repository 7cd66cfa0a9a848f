"""Proof that HTTP, bridged and native answers are the same (docs/parity.md); nothing of it is loaded by a server."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["Options", "ParityMachine", "Result", "Step", "parity_ignore", "run"]

_HOMES = {
    "Options": "options",
    "ParityMachine": "machine",
    "Result": "result",
    "Step": "steps",
    "parity_ignore": "ignoring",
    "run": "run",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
