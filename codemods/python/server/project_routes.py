"""The app around the files that are rewritten: which class answers which routes, by which events.

``finding_app.py`` finds the folder.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from bridge.events import Event, EventMap
from codemods.python.collecting import collector_paused
from codemods.python.entries import Start, starts
from codemods.python.project import Project
from codemods.python.routes import event_map_of
from codemods.python.server.bound_names import walk
from codemods.python.values import Class, Rule, View
from codemods.python.world import World


class ClassKey(Struct, frozen=True):
    """A class by the name that it has in its file and which one of that name it is."""

    name: str
    number: int


class Routed(Struct, frozen=True):
    """A class that answers rules: what the reading knows of it."""

    cls: Class
    rules: tuple[Rule, ...]


class AppReading:
    """A folder of source as read: the app, its events, its classes by file."""

    def __init__(self, folder: Path, files: dict[str, bytes], events: EventMap | None = None) -> None:
        self.folder = folder
        self.project = Project(files, folder.parts)
        # Without a bridge, where one would go is asked next, and a second run in thought would be needed.
        make = World if any(b"Bridge(" in one for one in files.values()) else _watched()
        with collector_paused():
            found = starts(self.project, make=make)
        self.start: Start | None = found[0] if found else None
        self._given = events

    @cached_property
    def events(self) -> dict[tuple[str, str], Event]:
        """The events by method and rule."""
        table = self._given
        if table is None:
            assert self.start is not None
            table = event_map_of(self.start)
        return {(one.method, one.rule): one for one in table.events}

    @cached_property
    def routed(self) -> dict[str, dict[ClassKey, Routed]]:
        """The classes with routes, by the path of their file below the folder."""
        rules: dict[Class, list[Rule]] = {}
        for rule in self.start.app.rules if self.start is not None else ():
            if isinstance(rule.view, View):
                rules.setdefault(rule.view.cls, []).append(rule)
        found: dict[str, dict[ClassKey, Routed]] = {}
        for cls, those in rules.items():
            found.setdefault(cls.module.path, {})[self.key_of(cls)] = Routed(cls, tuple(those))
        return found

    def key_of(self, cls: Class) -> ClassKey:
        """Return what a class is found by in another parse of its file."""
        tree = self.project.tree(cls.module.path)
        return next((key for key, node in keyed(tree) if node is cls.node), ClassKey(cls.name, -1))

    @cached_property
    def bases(self) -> set[tuple[str, ClassKey]]:
        """The classes of the folder that a class with routes derives from."""
        found = set()
        for those in self.routed.values():
            for one in those.values():
                above = [base for base in one.cls.ancestry() if isinstance(base, Class) and base is not one.cls]
                found |= {(base.module.path, self.key_of(base)) for base in above}
        return found

    def path_of(self, name: str) -> str:
        """Return the path below the folder of a file as reports show it."""
        return Path(os.path.relpath(os.path.abspath(name), self.folder)).as_posix()

    def reaches(self, paths: tuple[Path, ...]) -> bool:
        """True where a class with routes lies below one of these absolute paths."""
        files = [self.folder / one for one in self.routed]
        return any(path == file or path in file.parents for path in paths for file in files)


def _watched() -> type[World]:
    from codemods.python.server.init_watching import Watched

    return Watched


def keyed(tree: ast.Module | None) -> Iterator[tuple[ClassKey, ast.ClassDef]]:
    """Yield the classes of a file, nested ones too, with what they are found by."""
    count: dict[str, int] = {}
    for node in walk(tree) if tree is not None else ():
        if isinstance(node, ast.ClassDef):
            number = count[node.name] = count.get(node.name, -1) + 1
            yield ClassKey(node.name, number), node
