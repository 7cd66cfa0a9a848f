"""Finds the folder of the app that files belong to, and reads it, if there is any Flask-RESTful about.

Asked when a first file may hold a Resource; a tree without any costs no more than a look at its bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import BridgeError
from codemods.files import contents
from codemods.sources import load_events, python_files

if TYPE_CHECKING:
    from bridge.events import EventMap
    from codemods.python.server.project_routes import AppReading

_RESTFUL = b"restful"
_MOST_LEVELS = 2


def read_app(paths: tuple[Path, ...], source: str | None, app_dir: str, *, may_import: bool) -> AppReading | None:
    """Return the app that the files below some paths belong to; None where no file knows Flask-RESTful.

    Raises BridgeError where there is no app.
    A ``source`` that is a folder is read; another one gives the events, and the folder is found from the paths:
    their own, or the nearest above it from which an app reaches them.
    """
    absolute = tuple(path.resolve() for path in paths)
    if source is not None and Path(source).is_dir():
        return _checked(_reading(Path(source).resolve(), None), source)
    events = load_events(source, app_dir, may_import=may_import).event_map if source is not None else None
    top = Path(os.path.commonpath([one if one.is_dir() else one.parent for one in absolute]))
    nearest: AppReading | None = None
    for folder in _upwards(top):
        reading = _reading(folder, events)
        if reading is not None and reading.reaches(absolute):
            return reading
        nearest = nearest or reading
    return _checked(nearest, str(top))


def _checked(reading: AppReading | None, where: str) -> AppReading | None:
    if reading is not None and reading.start is None:
        msg = f"no Flask app is found in {where} or above it: name the folder of its source with --events"
        raise BridgeError(msg)
    return reading


def _upwards(folder: Path) -> Iterator[Path]:
    """Yield a folder and those above it: up to the top of the git tree or the current folder, else two of them."""
    above = (folder, *folder.parents)
    last = next((n for n, one in enumerate(above) if (one / ".git").exists() or one == Path.cwd()), _MOST_LEVELS)
    yield from (one for one in above[: last + 1] if one == folder or one not in {Path.home(), Path(one.anchor)})


def _reading(folder: Path, events: EventMap | None) -> AppReading | None:
    files: dict[str, bytes] = {}
    for path in python_files(folder):
        try:
            files[path.relative_to(folder).as_posix()] = contents(str(path))
        except OSError:
            continue  # The run names it.
    if not any(_RESTFUL in one for one in files.values()):
        return None
    from codemods.python.server.project_routes import AppReading  # Loads all that follows source.

    return AppReading(folder, files, events)
