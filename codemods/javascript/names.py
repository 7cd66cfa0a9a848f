"""Chooses the names that inserted code uses, so that nothing in scope is hidden."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from itertools import count

from msgspec import Struct, field
from tree_sitter import Node

from codemods.javascript.modules import Modules, source_of
from codemods.javascript.parser import Module, child, is_within, walk
from codemods.javascript.scope import Scopes

SOCKET, TIMEOUT, JSON, SUBSCRIBE, ACK = "socket", "TIMEOUT", "json", "subscribe", "Ack"
EXPORTS = (SOCKET, TIMEOUT, JSON, SUBSCRIBE, ACK)
"""What the client module exports, in the order of an import."""


class ClientNames(Struct, eq=False):
    """What the exports of the client module are called in one file; ``used`` were asked for.

    ``known`` are those that the file imports already, and those that were asked for before.
    """

    known: dict[str, str]
    scopes: Scopes
    used: set[str] = field(default_factory=set)

    def __getitem__(self, name: str) -> str:
        self.used.add(name)
        return self.local(name)

    def local(self, name: str) -> str:
        """Return what an export is called, or would be if it were used."""
        if name not in self.known:
            self.known[name] = _free(name, self.scopes)
        return self.known[name]


def client_names(modules: Modules, module: Module, client: str) -> ClientNames:
    """Return the names for a file: those that it imports from the client module already, else free ones."""
    return ClientNames(dict(imported_names(module, client)), modules.scopes(module))


def _free(name: str, scopes: Scopes) -> str:
    if not scopes.declared(name):
        return name
    return next(f"{name}{number}" for number in count(2) if not scopes.is_used(f"{name}{number}"))


def imported_names(module: Module, client: str) -> Iterator[tuple[str, str]]:
    """Yield (exported, local) for every name that a file imports from the client module."""
    statement = client_import(module, client)
    for one in walk(statement) if statement is not None else ():
        if one.type == "import_specifier":
            yield module.text(child(one, "name")), module.text(one.child_by_field_name("alias") or child(one, "name"))


def client_import(module: Module, client: str) -> Node | None:
    """Return the statement that imports from the client module, if there is one."""
    return module.once(f"import of {client}", module.root, lambda: _client_import(module, client))


def _client_import(module: Module, client: str) -> Node | None:
    name = client.rpartition("/")[2].partition(".")[0]
    if f"/{name}".encode() not in module.data:
        return None
    for one in module.statements:
        if one.type == "import_statement" and _is_client(module, source_of(module, one), client):
            return one
    return None


def _is_client(module: Module, source: str, client: str) -> bool:
    if not source.startswith("."):
        return False
    path = posixpath.normpath(posixpath.join(posixpath.dirname(module.path), source))
    return path == client or path == posixpath.splitext(client)[0]


def fresh(scopes: Scopes, module: Module, around: Node, wanted: Iterable[str]) -> str:
    """Return the first of the wanted names that means nothing in a node, nor where it stands."""
    for name in _numbered(wanted):
        inside = (one for one in module.words(name) if is_within(one, around) and "identifier" in one.type)
        if next(inside, None) is None and scopes.visible(around, name) is None:
            return name
    raise AssertionError


def _numbered(wanted: Iterable[str]) -> Iterator[str]:
    names = list(wanted)
    yield from names
    yield from (f"{names[0]}{number}" for number in count(2))
