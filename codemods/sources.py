"""Finds the event map that a SOURCE names: an event map file, a folder of Python source, or ``module:app``."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from bridge.errors import BridgeError
from bridge.events import EventMap
from codemods.files import contents

if TYPE_CHECKING:
    from codemods.python.routes import Finding

_PASSED_OVER = frozenset(
    ["node_modules", "__pycache__", "site-packages", "venv", "env", "dist", "build"]
    + ["tests", "test", "testing", "migrations", "alembic"]
)


class Found(Struct, frozen=True):
    """An event map, and what is to be told of the source that it was read from."""

    event_map: EventMap
    findings: tuple[Finding, ...] = ()


def load_events(source: str, app_dir: str, *, may_import: bool = True) -> Found:
    """Return the event map of a file, of a folder of source, or of ``module:app``, for which alone the app is imported.

    Not so where a settings file names it: who looks at a repository of somebody else runs none of its code by that.
    Raises BridgeError with one line that says what to do.
    """
    path = Path(source)
    if path.is_dir():
        return _read(path, "")
    if path.suffix == ".py" and path.is_file():
        return _read(path.parent, path.name)
    if path.exists() or source.endswith(".json"):
        return Found(_load_file(path))
    if not may_import:
        msg = (
            f"a settings file runs no code, and {source} would be imported: name a folder of source or an event map "
            f"file there, or give --events {source} --app-dir {app_dir}"
        )
        raise BridgeError(msg)
    return Found(_import(source, app_dir))


def _import(source: str, app_dir: str) -> EventMap:
    try:
        found = importlib.import_module("bridge.discovery").load_event_map(source, app_dir)
    except BridgeError as error:
        if ":" in source:
            raise
        msg = f"there is no file or folder {source}; as a module: {error}"
        raise BridgeError(msg) from error
    assert isinstance(found, EventMap)
    return found


def _load_file(path: Path) -> EventMap:
    try:
        return EventMap.load(path)
    except OSError as error:
        msg = f"no event map at {path}: {error.strerror}; write one with `fetch2socket events module:app -o {path}`"
        raise BridgeError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path} is no event map: it is not UTF-8"
        raise BridgeError(msg) from error


# ---- Python source ----------------------------------------------------------------------------


def _read(folder: Path, entry: str) -> Found:
    from codemods.python.routes import Finding, read_routes

    files: dict[str, bytes] = {}
    unread: list[Finding] = []
    for path in dict.fromkeys([*([folder / entry] if entry else []), *python_files(folder)]):
        name = path.relative_to(folder).as_posix()
        try:
            files[name] = contents(str(path))
        except OSError as error:
            unread.append(Finding(name, 0, f"cannot be read: {error.strerror}; passed over."))
    if not files:
        msg = f"{folder} holds no Python source: name the app as module:app, or give an event map file"
        raise BridgeError(msg)
    reading = read_routes(files, folder.resolve().parts, entry)
    shown = tuple(Finding((folder / one.path).as_posix(), one.line, one.message) for one in reading.findings)
    return Found(reading.event_map, (*unread, *shown))


def python_files(folder: Path) -> Iterator[Path]:
    """Yield the Python files of a folder, sorted; tests, migrations and what is installed are passed over."""
    for where, folders, names in os.walk(folder):
        if "pyvenv.cfg" in names:
            folders[:] = []
            continue
        folders[:] = sorted(one for one in folders if one not in _PASSED_OVER and not one.startswith("."))
        yield from (Path(where, name) for name in sorted(names) if name.endswith(".py") and not _is_test(name))


def _is_test(name: str) -> bool:
    return name.startswith("test_") or name.endswith("_test.py") or name in {"conftest.py", "tests.py"}
