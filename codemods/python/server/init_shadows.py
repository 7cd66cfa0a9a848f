"""Finds modules of a project that hide the packages which the bridge needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import bridge
from codemods.python.server.init_reading import Reading

_NEEDED = {"bridge": "fetch2socket", "flask_socketio": "Flask-SocketIO", "socketio": "python-socketio"}


def shadow(reading: Reading) -> str:
    """Return a sentence about a module that Python would import in place of a package, "" where there is none."""
    for folder in _looked_in(reading):
        for name, package in _NEEDED.items():
            for path in (folder / f"{name}.py", folder / name / "__init__.py"):
                if path.as_posix() in reading.project.files and not _is_ours(reading, path):
                    return f"{path} hides the package {name} of {package}: rename that module first."
    return ""


def _looked_in(reading: Reading) -> Iterator[PurePosixPath]:
    """Yield the folders in which Python looks for imports when the app starts."""
    for path in (reading.start.entry, reading.app.place.path):
        folder = PurePosixPath(path).parent
        yield folder
        while (folder / "__init__.py").as_posix() in reading.project.files and folder.parent != folder:
            folder = folder.parent
        yield folder


def _is_ours(reading: Reading, path: PurePosixPath) -> bool:
    return (reading.folder / path).resolve() == Path(bridge.__file__).resolve()
