"""What the parts of an app are called where the bridge is set up, and which names are free there."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from codemods import reasons
from codemods.python.server.init_reading import Reading
from codemods.python.server.init_watching import BRIDGE, SOCKETIO, Extension, Frame
from codemods.python.values import Value
from codemods.results import Left

BRIDGES = ("bridge", "event_bridge", "fetch_bridge")
SOCKETIOS = ("socketio", "sio", "socket_server")


def socketio_of(reading: Reading) -> Extension | None:
    """Return the Flask-SocketIO object that the project has already."""
    found = [one.value for one in reading.steps if one.kind == SOCKETIO and isinstance(one.value, Extension)]
    return found[0] if found else next((one for one in reading.notes.made if one.kind == SOCKETIO), None)


def has_bridge(reading: Reading) -> bool:
    """True where the app has its Bridge already."""
    return any(one.kind == BRIDGE for one in reading.steps)


def name_of_socketio(reading: Reading, socketio: Extension | None, files: set[str]) -> str:
    """Return the name of the SocketIO object that is there, else one that is free in some files."""
    if socketio is None:
        return free(reading, files, SOCKETIOS)
    frame = socketio.frame
    name = name_in(frame, socketio) if frame is not None else None
    if name is None:
        raise Left(reasons.SETUP_UNCLEAR, "The app's SocketIO object has no name that could be used.")
    return name


def name_in(frame: Frame, value: Value) -> str | None:
    """Return the name by which a value is known in a frame."""
    scope = frame.scope
    if scope is None:
        return None
    places = (scope.names, scope.module.names)
    return next((name for names in places for name, one in names.items() if one is value), None)


def name_of(reading: Reading, frame: Frame, kind: str) -> str:
    """Return the name of the app's last database or api in a frame, "" where it has none there."""
    found = [one.value for one in reading.steps if one.kind == kind]
    return next((name for one in reversed(found) if (name := name_in(frame, one))), "")


def free(reading: Reading, files: set[str], names: tuple[str, ...]) -> str:
    """Return the first of some names that no file of some uses; raises Left where there is none."""
    found = next((one for one in names if not any(_uses(reading, path, one) for path in files)), None)
    if found is None:
        raise Left(reasons.SETUP_UNCLEAR, f"The names {', '.join(names)} are all taken.")
    return found


def _uses(reading: Reading, path: str, name: str) -> bool:
    """True where a name is taken in a file; most files don't even have the letters."""
    return name.encode() in reading.project.files.get(path, b"") and name in words(reading.project.tree(path))


def words(tree: ast.Module | None) -> Iterable[str]:
    """Yield every name that a file uses or binds."""
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.arg):
            yield node.arg
