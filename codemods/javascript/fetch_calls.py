"""Finds every use of the browser's ``fetch`` in a file, by scope and not by name."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from tree_sitter import Node

from codemods.javascript import vue
from codemods.javascript.parser import Module, around, child
from codemods.javascript.scope import Scopes

_GLOBALS = frozenset({"window", "globalThis", "self", "global"})
_ASKING = frozenset({"unary_expression", "if_statement", "parenthesized_expression", "binary_expression"})


class FetchUse(Struct, frozen=True):
    """One use of ``fetch``; ``call`` is None where it is not called on the spot."""

    node: Node
    call: Node | None


def find_uses(module: Module, scopes: Scopes) -> list[FetchUse]:
    """Return every use of the global ``fetch``, in source order."""
    return module.once("uses of fetch", module.root, lambda: list(_uses(module, scopes)))


def _uses(module: Module, scopes: Scopes) -> Iterator[FetchUse]:
    for node in module.words("fetch"):
        if node.type in {"identifier", "shorthand_property_identifier"}:
            if scopes.binding(node) is None and around(node).type not in {"import_specifier", "export_specifier"}:
                yield from _use(node)
        elif around(node).type == "member_expression" and _is_global_fetch(around(node), scopes):
            yield from _use(around(node))


def template_uses(module: Module, scopes: Scopes) -> Iterator[int]:
    """Yield where a Vue template calls ``fetch``, unless the component has a ``fetch`` of its own."""
    if not module.is_vue or scopes.visible(module.root, "fetch") is not None:
        return
    keys = (one for one in module.words("fetch") if one.type == "property_identifier")
    if not any(around(key).type in {"pair", "method_definition"} for key in keys):
        yield from vue.template_calls(module.data)


def _is_global_fetch(node: Node, scopes: Scopes) -> bool:
    owner = child(node, "object")
    if child(node, "property").text != b"fetch" or owner.type != "identifier" or owner.text is None:
        return False
    return owner.text.decode() in _GLOBALS and scopes.binding(owner) is None


def _use(node: Node) -> Iterator[FetchUse]:
    outer = around(node)
    if outer.type == "call_expression" and outer.child_by_field_name("function") == node:
        yield FetchUse(node, outer)
    elif outer.type not in _ASKING:  # `typeof fetch`, `if (window.fetch)` only ask whether it is there
        yield FetchUse(node, None)
