"""Reads the promise chain that starts at a ``fetch`` call: ``.then``, ``.catch``, ``.finally``."""

from __future__ import annotations

from msgspec import Struct
from tree_sitter import Node

from codemods.javascript.parser import Module, arguments, around, child

_METHODS = frozenset({"then", "catch", "finally"})


class Link(Struct, frozen=True):
    """One ``.then(...)`` of a chain: its method, its arguments and the whole call up to it."""

    method: str
    handlers: tuple[Node, ...]
    call: Node


class Chain(Struct, frozen=True):
    """A call and what follows it; ``top`` is the outermost call."""

    call: Node
    links: tuple[Link, ...]

    @property
    def top(self) -> Node:
        """The whole chain as one expression."""
        return self.links[-1].call if self.links else self.call

    @property
    def is_thens_only(self) -> bool:
        """True for a chain of ``.then(f)`` with one argument each."""
        return all(link.method == "then" and len(link.handlers) == 1 for link in self.links)


def chain_of(module: Module, call: Node) -> Chain:
    """Return the chain that starts at a call."""
    return module.once("chain", call, lambda: _read(module, call))


def _read(module: Module, call: Node) -> Chain:
    links = []
    node = call
    while True:
        member = around(node)
        if member.type != "member_expression" or child(member, "object") != node:
            break
        outer = around(member)
        method = module.text(child(member, "property"))
        if method not in _METHODS or outer.type != "call_expression" or child(outer, "function") != member:
            break
        links.append(Link(method, tuple(arguments(outer)), outer))
        node = outer
    return Chain(call, tuple(links))
