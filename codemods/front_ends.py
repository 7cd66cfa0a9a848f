"""What ``--interactive`` needs of the client rewrite: one file again, with some of its calls only."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from codemods.discovery import package_root
from codemods.front_end import FrontEnd, Settings
from codemods.javascript.parser import errors, parse
from codemods.javascript.resolving import App
from codemods.javascript.rewrite import rewrite
from codemods.results import FileResult
from codemods.run import Run


class FrontEnds:
    """The front ends of the files that are asked about."""

    noun = "call"

    def __init__(self, paths: Iterable[Path], settings: Settings) -> None:
        self._given = [path.absolute().as_posix() for path in paths]
        self._settings = settings
        self._known: dict[str, App] = {}

    def rewrite(self, data: bytes, name: str, chosen: frozenset[tuple[int, int]]) -> FileResult:
        """Rewrite the calls of a file that stand at these places."""
        app = self._of(name)
        app.chosen = chosen
        return rewrite(data, Path(name).absolute().as_posix(), app, name)

    def errors(self, data: bytes, name: str) -> int:
        """Count what does not parse."""
        path = Path(name).absolute().as_posix()
        return sum(1 for _ in errors(parse(data, path).root))

    def finished(self, run: Run) -> Run:
        """Leave the client module out where nothing uses it."""
        roots = {_root_of(one.path) for one in run.results if one.is_changed}
        added = tuple(one for one in run.added if _root_of(one.path) in roots)
        return replace(run, added=added, steps=run.steps if roots else ())

    def _of(self, name: str) -> App:
        absolute = Path(name).absolute().as_posix()
        around = next((one for one in self._given if absolute.startswith(f"{one}/")), os.path.dirname(absolute))
        root = _root_of(absolute) or around
        if root not in self._known:
            self._known[root] = FrontEnd(root, self._settings).app
        return self._known[root]


def _root_of(path: str) -> str | None:
    return package_root(os.path.dirname(os.path.abspath(path)))
