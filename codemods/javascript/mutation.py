"""Sees whether a payload is changed after the call that sends it."""

from __future__ import annotations

from tree_sitter import Node

from codemods import reasons
from codemods.javascript.parser import Module, around, bare, child, function_of, is_within
from codemods.javascript.scope import Binding, Scopes
from codemods.results import Left

_CHANGING = frozenset(
    {"push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "set", "add", "append", "delete", "clear"}
)


def needs_copy(module: Module, scopes: Scopes, body: Node | None, chain: Node) -> bool:
    """Return whether a copy of ``body`` must be sent, as the same function changes it after the chain that sends it.

    A copy is shallow: raises Left where more than the properties of an object made here may change.
    """
    if body is None or body.type not in {"identifier", "member_expression"}:
        return False
    name = body
    while name.type == "member_expression":
        name = child(name, "object")
    binding = scopes.binding(name) if name.type == "identifier" else None
    changes = _after(module, binding, chain)
    if changes and not (binding is not None and _is_object(binding) and all(map(_is_shallow, changes))):
        msg = f"{module.text(body)} is changed after the call; the emit may send it changed."
        raise Left(reasons.PAYLOAD_MUTATED, msg)
    return bool(changes)


def _after(module: Module, binding: Binding | None, chain: Node) -> list[Node]:
    """Return the changes in the chain's function that come after it while its answer is still awaited."""
    if binding is None or around(chain).type == "await_expression":
        return []
    if binding.changes is None:
        binding.changes = [one for one in binding.references if is_changed(module, one)]
    later = [one for one in binding.changes if one.start_byte > chain.end_byte and not is_within(one, chain)]
    return [one for one in later if function_of(one) == function_of(chain)]


def _is_object(binding: Binding) -> bool:
    """True for what is made by an object literal, so that a spread copies all of it."""
    return binding.is_constant and binding.value is not None and bare(binding.value).type == "object"


def _is_shallow(reference: Node) -> bool:
    """True for ``values.name = x``, which leaves a copy of ``values`` as it is; not for ``values.tags[0] = x``."""
    member = around(reference)
    outer = around(member)
    is_target = outer.type in {"assignment_expression", "augmented_assignment_expression"}
    is_own = member.type in {"member_expression", "subscript_expression"} and child(member, "object") == reference
    return is_own and (is_target or outer.type in {"update_expression", "unary_expression"})


def is_changed(module: Module, reference: Node) -> bool:
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
