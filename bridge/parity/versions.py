"""Which versions were compared: a report says so."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

_PACKAGES = (
    "fetch2socket",
    "flask",
    "flask-restful",
    "flask-sqlalchemy",
    "sqlalchemy",
    "marshmallow",
    "flask-socketio",
    "python-socketio",
    "hypothesis",
)


def versions() -> dict[str, str]:
    """Return them by name; what is not installed is left out."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
