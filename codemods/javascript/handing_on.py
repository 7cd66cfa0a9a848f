"""What a Response may be given to without being more than an ack: the console, a function that asks for its status."""

from __future__ import annotations

from tree_sitter import Node

from codemods.javascript.parser import FUNCTIONS, Module, arguments, around, child, items
from codemods.javascript.scope import Binding, Scopes

KEPT = frozenset({"ok", "status"})
"""What an ack has under the same name."""
_TEXTS = frozenset({"binary_expression", "template_substitution", "template_string", "parenthesized_expression"})
"""What puts a text together."""


def logged(module: Module, reference: Node) -> Node | None:
    """Return what of a Response goes to the console, and nowhere else: the whole, or its ``statusText``."""
    member = around(reference)
    is_text = member.type == "member_expression" and child(member, "property").text == b"statusText"
    node = member if is_text else reference
    outer = around(node)
    while is_text and outer.type in _TEXTS:
        outer = around(outer)
    is_line = outer.type == "arguments" and module.text(around(outer).children[0]).startswith("console.")
    return node if is_line else None


def only_asks_inside(module: Module, scopes: Scopes, reference: Node) -> bool:
    """True where a function of this file gets the Response and reads ``ok`` and ``status`` only: an ack does too."""
    outer = around(reference)
    call = around(outer)
    if outer.type != "arguments" or call.type != "call_expression" or child(call, "function").type != "identifier":
        return False
    binding = scopes.binding(child(call, "function"))
    function = _function(binding) if binding is not None and binding.is_constant else None
    given = function.child_by_field_name("parameter") if function is not None else None
    parameters = items(child(function, "parameters")) if function is not None and given is None else []
    index = items(outer).index(reference)
    name = given if given is not None and index == 0 else parameters[index] if index < len(parameters) else None
    inner = scopes.binding(name) if name is not None and name.type == "identifier" else None
    return inner is not None and not inner.writes and all(_is_kept(module, one) for one in inner.references)


def _function(binding: Binding) -> Node | None:
    """Return the function that a name stands for, ``useCallback(function, [...])`` included."""
    value = binding.value if binding.value is not None else binding.declaration
    if value.type == "call_expression" and child(value, "function").text in {b"useCallback", b"React.useCallback"}:
        given = arguments(value)
        value = given[0] if given else value
    return value if value.type in FUNCTIONS else None


def _is_kept(module: Module, reference: Node) -> bool:
    member = around(reference)
    is_read = member.type == "member_expression" and member.child_by_field_name("object") == reference
    return is_read and module.text(child(member, "property")) in KEPT and not is_target(member)


def is_target(member: Node) -> bool:
    """True where a property is assigned to."""
    outer = around(member)
    is_assignment = outer.type in {"assignment_expression", "augmented_assignment_expression"}
    return (is_assignment and outer.child_by_field_name("left") == member) or outer.type == "update_expression"
