"""Reads ``id ? a : b`` in a call's URL, method or options as one of its branches, the condition being taken for known.

A call whose method and URL depend on one condition is two calls: the same condition must choose in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tree_sitter import Node

from codemods.javascript.modules import Modules
from codemods.javascript.parser import Module, bare, child, walk

Assumed = Mapping[str, bool]
"""The conditions that are taken for known, by their text without white space."""
NOTHING: Assumed = {}
_DEPTH = 3
_UNMOVED = frozenset(
    {
        "call_expression",
        "new_expression",
        "assignment_expression",
        "augmented_assignment_expression",
        "update_expression",
        "await_expression",
        "yield_expression",
        "sequence_expression",
        "ternary_expression",
        "arrow_function",
    }
)
"""What has an effect, or would need parentheses before a question mark."""


def condition_of(module: Module, ternary: Node) -> tuple[str, bool]:
    """Return a ternary's condition without white space, and false where it stands negated."""
    node, is_positive = bare(child(ternary, "condition")), True
    while node.type == "unary_expression" and node.children[0].type == "!":
        node, is_positive = bare(child(node, "argument")), not is_positive
    return "".join(module.text(node).split()), is_positive


def chosen(module: Module, node: Node, assumed: Assumed) -> Node:
    """Return the branch that is taken of a ternary whose condition is assumed, or the node as it is."""
    node = bare(node)
    while node.type == "ternary_expression":
        text, is_positive = condition_of(module, node)
        if text not in assumed:
            break
        node = bare(child(node, "consequence" if assumed[text] == is_positive else "alternative"))
    return node


def conditions(modules: Modules, module: Module, call: Node) -> dict[str, Node]:
    """Return the conditions that a call's URL and options depend on, by text; constants are followed.

    Only those that mean the same at the call and can be asked twice.
    """
    found: dict[str, Node] = {}
    for ternary in _ternaries(modules, module, call, 0):
        text, _ = condition_of(module, ternary)
        condition = _positive(child(ternary, "condition"))
        if _can_move(modules, module, condition, call):
            found.setdefault(text, condition)
    return found


def _positive(condition: Node) -> Node:
    node = bare(condition)
    while node.type == "unary_expression" and node.children[0].type == "!":
        node = bare(child(node, "argument"))
    return node


def _ternaries(modules: Modules, module: Module, node: Node, depth: int) -> Iterator[Node]:
    given = child(node, "arguments") if depth == 0 else node
    for one in walk(given):
        if one.type == "ternary_expression":
            yield one
        elif one.type in {"identifier", "shorthand_property_identifier"} and depth < _DEPTH:
            binding = modules.scopes(module).binding(one)
            if binding is not None and binding.is_constant and binding.value is not None and binding.kind == "const":
                yield from _ternaries(modules, module, binding.value, depth + 1)


def _can_move(modules: Modules, module: Module, condition: Node, site: Node) -> bool:
    scopes = modules.scopes(module)
    for node in walk(condition):
        if node.type in _UNMOVED:
            return False
        if node.type == "identifier":
            binding = scopes.binding(node)
            is_same = binding is None or (binding.is_constant and scopes.visible(site, binding.name) is binding)
            if not is_same:
                return False
    return True
