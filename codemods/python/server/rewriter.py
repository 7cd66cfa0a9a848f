"""``fetch2socket server``: each Resource method becomes a native handler, or is left with a reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from codemods.python.running import Place
from codemods.python.source import Source, UnparsableError
from codemods.results import FileResult
from codemods.run import Run

if TYPE_CHECKING:
    from codemods.python.server.bridge_place import BridgePlace
    from codemods.python.server.project_routes import AppReading

_INTEREST = re.compile(rb"\bdef[ \t]+(?:get|post|put|patch|delete|head|options|trace)\b|\bResource\b")


class ServerRewriter:
    """The rewrite. ``read`` gives the app around the files, or None if there is no Flask-RESTful about."""

    noun = "method"

    def __init__(self, read: Callable[[], AppReading | None], rules: frozenset[str] = frozenset()) -> None:
        self._read = read
        self.rules = rules

    @cached_property
    def reading(self) -> AppReading | None:
        """The app, read when a first file needs it; raises BridgeError where there is none."""
        return self._read()

    @cached_property
    def place(self) -> BridgePlace | None:
        """Where the bridge is made, or is to be; None if that was never asked for."""
        if self.reading is None:
            return None
        from codemods.python.server import bridge_place

        found = bridge_place.find(self.reading)
        if found is not None:
            return found
        from codemods.python.server.planned_place import planned

        return planned(self.reading)

    @cached_property
    def with_arguments(self) -> frozenset[str]:
        """The classes that are registered with arguments."""
        from codemods.python.server.already import with_arguments

        return with_arguments(self.reading) if self.reading is not None else frozenset()

    def is_of_interest(self, data: bytes) -> bool:
        """True where a class may answer requests."""
        return b"class " in data and _INTEREST.search(data) is not None

    def errors(self, data: bytes, name: str) -> int:
        """Return 1 if a file does not parse."""
        try:
            _ = Source(name, data).tree
        except UnparsableError:
            return 1
        return 0

    def rewrite(self, data: bytes, name: str, chosen: frozenset[Place] | None = None) -> FileResult:
        """Rewrite a file: everything, or only the methods at the places that somebody chose."""
        source = self._source(data, name)
        try:
            has_class = any(isinstance(one, ast.ClassDef) for one in ast.walk(source.tree))
        except UnparsableError as error:
            return FileResult(name, data, data, (), str(error))
        if not has_class or self.reading is None:
            return FileResult(name, data, data)
        from codemods.python.server.converting import Converting  # Loads all that looks into a method.

        assert self.place is not None
        return Converting(source, self.reading, self.place, self.with_arguments, self.rules).result(chosen)

    def _source(self, data: bytes, name: str) -> Source:
        """Return a file, with the tree that the app's reading has of it if it has one."""
        source = Source(name, data)
        project = self.reading.project if self.reading is not None else None
        path = self.reading.path_of(name) if self.reading is not None else ""
        if project is not None and project.files.get(path) == data:
            tree = project.tree(path)
            if tree is not None:
                source.tree = tree
        return source

    def finished(self, run: Run) -> Run:
        """Return a run with what is left to do once its changes are made."""
        return replace(run, steps=tuple(self._steps(run)))

    def _steps(self, run: Run) -> Iterator[str]:
        if not run.changed or self.place is None or self.reading is None:
            return
        if self.place.is_planned:
            yield self._step_before(self.reading, self.place)
            return
        yield "The Resources stay: over HTTP they answer as before."

    @staticmethod
    def _step_before(reading: AppReading, place: BridgePlace) -> str:
        from codemods.python.server.planned_place import command

        if place.problem:
            return f"Make the bridge first, by hand, for {command(reading)} leaves it: {place.problem}"
        return f"Make the bridge first: {command(reading)}"

    @property
    def needs_init(self) -> bool:
        """True where handlers would import a bridge that is not there yet."""
        return self.place is not None and self.place.is_planned
