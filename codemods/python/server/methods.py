"""The Resource methods of a file, each with the routes that it answers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from bridge.naming import converters
from codemods.python.server.bound_names import walk
from codemods.python.server.project_routes import AppReading, ClassKey, Routed, keyed
from codemods.python.values import UNKNOWN, Class, External, Function

if TYPE_CHECKING:
    from bridge.events import Event
    from codemods.python.source import Source

VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_RESOURCES = frozenset({"flask_restful.Resource", "flask_restful.resources.Resource"})
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


class Route(Struct, frozen=True):
    """A route with its event; ``given`` are the names of all arguments that it calls its method with."""

    event: Event
    given: frozenset[str]


class Method(Struct, frozen=True, eq=False):
    """One method of one class that answers requests.

    ``owner`` is the class whose body defines it, ``cls`` the one that it answers for; they differ where it is
    inherited. ``node`` is None where it is no ``def`` of this file, and ``elsewhere`` says where it comes from.
    """

    verb: str
    cls: ast.ClassDef
    key: ClassKey
    owner: ast.ClassDef
    owner_key: ClassKey
    node: FunctionNode | None
    routes: tuple[Route, ...]
    value: Class | None
    number: int = 0
    elsewhere: str = ""

    @property
    def is_inherited(self) -> bool:
        """True where another class defines it."""
        return self.owner is not self.cls or self.node is None

    def place(self, source: Source) -> tuple[int, int]:
        """Return where reports show it: its ``def``, or the class that inherits it, a column apart from the next."""
        if self.node is not None and not self.is_inherited:
            return source.place(self.node)
        line, column = source.place(self.cls)
        return line, column + self.number


class FileMethods:
    """What a file says of its Resources, with what the app around it knows of them."""

    def __init__(self, source: Source, reading: AppReading) -> None:
        self.source = source
        self.reading = reading
        self.path = reading.path_of(source.name)

    @cached_property
    def classes(self) -> dict[ClassKey, ast.ClassDef]:
        """All classes of the file."""
        return dict(keyed(self.source.tree))

    def all(self) -> list[Method]:
        """Return the methods in the order of their places."""
        found = [one for key, node in self.classes.items() for one in self._of_class(key, node)]
        return sorted(found, key=lambda one: one.place(self.source))

    def _of_class(self, key: ClassKey, node: ast.ClassDef) -> Iterator[Method]:
        routed = self.reading.routed.get(self.path, {}).get(key)
        if routed is None:
            yield from self._unrouted(key, node)
            return
        if not routed.cls.derives(_RESOURCES):
            return
        for number, verb in enumerate(VERBS):
            if routed.cls.has(verb):
                yield self._method(key, node, verb, routed, number)

    def _unrouted(self, key: ClassKey, node: ast.ClassDef) -> Iterator[Method]:
        """Yield the methods of a Resource that no route reaches; those of a base count where it is inherited."""
        if (self.path, key) in self.reading.bases or not self._is_resource(node, set()):
            return
        for verb, method in _own(node).items():
            yield Method(verb, node, key, node, key, method, (), None)

    def _is_resource(self, node: ast.ClassDef, seen: set[str]) -> bool:
        """True where a class derives from Resource, as far as its own file tells."""
        names = {ast.unparse(base) for base in node.bases}
        if names & self._resources:
            return True
        above = [one for key, one in self.classes.items() if key.name in names - seen]
        return any(self._is_resource(one, seen | names) for one in above)

    @cached_property
    def _resources(self) -> set[str]:
        """How this file may write ``flask_restful.Resource``."""
        found: set[str] = set()
        for node in walk(self.source.tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("restful"):
                found |= {one.asname or one.name for one in node.names if one.name == "Resource"}
            elif isinstance(node, ast.Import):
                found |= {f"{one.asname or one.name}.Resource" for one in node.names if one.name == "flask_restful"}
        return found

    def _method(self, key: ClassKey, node: ast.ClassDef, verb: str, routed: Routed, number: int) -> Method:
        routes = tuple(self._routes(verb, routed))
        found = routed.cls.find(verb)
        owner = next((one for one in routed.cls.ancestry() if isinstance(one, Class) and verb in one.names), routed.cls)
        if owner.module.path != self.path:
            return Method(verb, node, key, node, key, None, routes, routed.cls, number, elsewhere=owner.module.path)
        owner_key = self.reading.key_of(owner)
        owner_node = self.classes.get(owner_key, node)
        own = _own(owner_node).get(verb) if found is not UNKNOWN and isinstance(found, Function) else None
        return Method(verb, node, key, owner_node, owner_key, own, routes, routed.cls, number)

    def _routes(self, verb: str, routed: Routed) -> Iterator[Route]:
        for rule in routed.rules:
            event = self.reading.events.get((verb.upper(), rule.rule))
            if event is not None and verb.upper() in rule.methods:
                yield Route(event, frozenset(one.name for one in converters(rule.rule)) | rule.defaults)


def _own(node: ast.ClassDef) -> dict[str, FunctionNode]:
    """Return the verbs that a class body defines with ``def``, the last of each, which is the one that counts."""
    return {one.name: one for one in node.body if isinstance(one, FunctionNode) and one.name in VERBS}


def is_external_base(cls: Class) -> bool:
    """True where a class derives from something that is neither Flask's nor of the folder."""
    known = ("flask_restful.", "flask.views.", "object", "abc.", "builtins.")
    return any(not isinstance(one, Class) and not _is_known(one, known) for one in cls.ancestry())


def _is_known(value: object, known: tuple[str, ...]) -> bool:
    return isinstance(value, External) and value.name.startswith(known)
