"""Finds what a folder of apps holds: for each app its front end and the Python source of its server."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PASSED_OVER = frozenset({"node_modules", "dist", "build", "out", "coverage", "venv", ".venv", "env", "__pycache__"})
SCRIPTS = frozenset({".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".vue"})
_ROUTES = re.compile(rb"add_resource\(|\.route\(|@api\.resource\(")
_TESTS = re.compile(r"(^|/)(tests?|test_[^/]*|[^/]*_test\.py|conftest\.py)(/|$)")


@dataclass(frozen=True, slots=True)
class RealApp:
    """One app: ``front`` and ``server`` are folders relative to ``folder``; ``front`` holds package.json."""

    name: str
    folder: Path
    front: str
    server: str


def find(folder: Path) -> Iterator[RealApp]:
    """Yield the apps below a folder, one for each subfolder with a front end and a server, sorted by name."""
    for app in sorted(path for path in folder.iterdir() if path.is_dir()):
        front, server = _front(app), _server(app)
        if front is not None and server is not None:
            yield RealApp(app.name, app, front, server)


def files(folder: Path) -> Iterator[Path]:
    """Yield the files of an app that somebody wrote, sorted; links are not followed."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if one not in PASSED_OVER and not one.startswith("."))
        yield from (Path(where, name) for name in sorted(names) if not Path(where, name).is_symlink())


def scripts(folder: Path) -> list[Path]:
    """Return the scripts of a front end."""
    return [path for path in files(folder) if path.suffix in SCRIPTS and ".min." not in path.name]


def _front(app: Path) -> str | None:
    """Return the folder of the package.json with the most scripts below it, the deepest where several tie."""
    found = [path.parent for path in files(app) if path.name == "package.json" and _is_package(path)]
    if not found:
        return None
    best = max(found, key=lambda one: (len(scripts(one)), len(one.parts)))
    return best.relative_to(app).as_posix()


def _is_package(path: Path) -> bool:
    try:
        return isinstance(json.loads(path.read_bytes()), dict)
    except ValueError:
        return False


def _server(app: Path) -> str | None:
    """Return the innermost folder that holds every Python file which registers routes."""
    paths = [path for path in files(app) if path.suffix == ".py" and _ROUTES.search(path.read_bytes())]
    own = [path.parent for path in paths if not _TESTS.search(path.relative_to(app).as_posix())]
    if not own:
        return None
    return Path(os.path.commonpath(own)).relative_to(app).as_posix()
