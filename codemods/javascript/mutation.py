"""Sees whether a payload is changed after the call that sends it."""

from __future__ import annotations

from tree_sitter import Node

from codemods import reasons
from codemods.javascript.parser import Module, around, child, function_of, is_within
from codemods.javascript.scope import Scopes
from codemods.results import Left

_CHANGING = frozenset(
    {"push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "set", "add", "append", "delete", "clear"}
)


def check_payload(module: Module, scopes: Scopes, body: Node | None, chain: Node) -> None:
    """Raise Left when the same function changes the object in ``body`` after the chain that sends it."""
    if body is None or body.type not in {"identifier", "member_expression"}:
        return
    name = body
    while name.type == "member_expression":
        name = child(name, "object")
    binding = scopes.binding(name) if name.type == "identifier" else None
    for reference in binding.references if binding is not None else ():
        is_after = reference.start_byte > chain.end_byte and function_of(reference) == function_of(chain)
        if is_after and not is_within(reference, chain) and _is_changed(module, reference):
            msg = f"{module.text(body)} is changed after the call; the emit may send it changed."
            raise Left(reasons.PAYLOAD_MUTATED, msg)


def _is_changed(module: Module, reference: Node) -> bool:
    node = reference
    outer = around(node)
    while outer.type in {"member_expression", "subscript_expression"} and child(outer, "object") == node:
        node, outer = outer, around(outer)
    if node != reference and outer.type in {"assignment_expression", "augmented_assignment_expression"}:
        return child(outer, "left") == node
    if outer.type in {"update_expression", "unary_expression"}:
        return node != reference and outer.children[0].type in {"delete", "++", "--"}
    if outer.type == "call_expression" and node.type == "member_expression":
        return module.text(child(node, "property")) in _CHANGING
    is_first = outer.type == "arguments" and outer.named_children[0] == reference
    return is_first and module.text(around(outer).children[0]) == "Object.assign"
