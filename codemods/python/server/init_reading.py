"""The project that ``--init`` and ``--remove`` look at: its files, its app, and what a run in thought noted."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from codemods.files import contents
from codemods.python.entries import Start, starts
from codemods.python.project import Project
from codemods.python.server.init_watching import Notes, Step, Watched
from codemods.python.values import App, Call, Function, Scope
from codemods.sources import python_files


class Reading(Struct, frozen=True):
    """A project and the run that made its app; ``folder`` is where its files lie."""

    folder: Path
    project: Project
    start: Start
    world: Watched

    @property
    def app(self) -> App:
        """The app."""
        return self.start.app

    @property
    def notes(self) -> Notes:
        """What the run noted."""
        return self.world.notes

    @property
    def steps(self) -> list[Step]:
        """What was set up of this app, in order."""
        return [one for one in self.notes.steps if one.app is self.app]

    def where(self, path: str) -> str:
        """Return the absolute path of a file."""
        return (self.folder / path).as_posix()


def read(folder: Path, file: str = "") -> Reading | None:
    """Read the project in a folder; ``file`` is one of its files that the app is made in or starts with."""
    project = Project(_files(folder), folder.resolve().parts)
    found = [one for one in starts(project, make=Watched) if not file or _concerns(one, file)]
    if not found and file in project.files:
        found = starts(project, file, make=Watched)
    # The file where the app is made says more than one that merely imports it.
    found.sort(key=lambda one: one.app.place.path != file)
    first = found[0] if found else None
    if first is None or not isinstance(first.world, Watched):
        return None
    return Reading(folder, project, first, first.world)


def project_folder(file: Path) -> Path:
    """Return the folder that a file's imports start from: its own, for a package the one around it."""
    folder = file.absolute().parent
    while (folder / "__init__.py").exists() and folder.parent != folder:
        folder = folder.parent
    return folder


def _files(folder: Path) -> dict[str, bytes]:
    files = {}
    for path in python_files(folder):
        try:
            files[path.relative_to(folder).as_posix()] = contents(str(path))
        except OSError:
            continue
    return files


def _concerns(start: Start, file: str) -> bool:
    return file in {start.app.place.path, start.entry} or file in start.world.modules


def runs(reading: Reading) -> Iterator[tuple[str, Call]]:
    """Yield each ``app.run(...)`` of the app, in whichever file somebody starts it with,."""
    seen: set[tuple[str, int]] = set()
    for path in sorted(one for one, data in reading.project.files.items() if b".run(" in data):
        world = Watched(reading.project, path, is_main=True)
        _call_the_rest(world, path)
        for app, call in world.notes.runs:
            place = call.place
            if app.place == reading.app.place and (place.path, place.line) not in seen:
                seen.add((place.path, place.line))
                yield place.path, call


def _call_the_rest(world: Watched, path: str) -> None:
    """Call the functions of a file that run something and that nothing called, such as a script's ``main``."""
    module = world.modules.get(path)
    for value in list(module.names.values()) if module is not None else ():
        if isinstance(value, Function) and id(value.node) not in world.called and _runs(value.node):
            world.call(value, Call((), {}, value.node, Scope({}, value.scope.module)))


def _runs(node: ast.AST) -> bool:
    return any(isinstance(one, ast.Attribute) and one.attr == "run" for one in ast.walk(node))
