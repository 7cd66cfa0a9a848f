"""What was running: the versions and the machine that a number without them means nothing."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PYTHON = (
    "Flask",
    "Werkzeug",
    "Flask-RESTful",
    "Flask-SocketIO",
    "python-socketio",
    "python-engineio",
    "simple-websocket",
    "gevent",
    "SQLAlchemy",
    "Flask-SQLAlchemy",
    "marshmallow",
    "orjson",
)
_NODE = ("socket.io-client", "engine.io-client", "ws")
_MODULES = Path(__file__).resolve().parent / "node_modules"


def versions() -> dict[str, str]:
    """Return the version of all that takes part, by name."""
    found = {"Python": platform.python_version()}
    found |= {name: _python_version(name) for name in _PYTHON}
    found["Node"] = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip(
        "v\n"
    )
    for name in _NODE:
        found[name] = json.loads((_MODULES / name / "package.json").read_text(encoding="utf-8"))["version"]
    return found


def machine() -> str:
    """Return the kind of machine in a phrase."""
    return f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}"


def _python_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
