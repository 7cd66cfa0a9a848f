"""Writes a call that was left in another way, so that a rule can take it; kept only where it then does."""

from __future__ import annotations

from tree_sitter import Node

from codemods import reasons
from codemods.javascript.chain import chain_of
from codemods.javascript.ignoring import NOTE, ignoring_edits
from codemods.javascript.parser import Module, arguments, bare, child, walk
from codemods.javascript.scope import Scopes
from codemods.javascript.style import Style
from codemods.results import Edit

_BOUND = frozenset({reasons.NAMED_HANDLER, reasons.HANDLER_NOT_INLINE, reasons.UNBOUND_THIS, reasons.NESTED_CHAIN})
PREPARED = _BOUND | {reasons.ABORT_SIGNAL}
"""The reasons for which another way of writing may help."""


def preparing_edits(module: Module, scopes: Scopes, style: Style, call: Node, reason: str) -> tuple[list[Edit], str]:
    """Return the edits that may help with a reason, and what a report is to say of them."""
    if reason == reasons.ABORT_SIGNAL:
        return ignoring_edits(module, scopes, style, call), NOTE
    return list(_arrows(module, chain_of(module, call).top)) if reason in _BOUND else [], ""


def _arrows(module: Module, top: Node) -> list[Edit]:
    """Return the edits that make arrows of all ``function (r) { ... }.bind(this)`` in a chain: the same this."""
    edits = []
    for node in walk(top):
        function = _bound(module, node)
        if function is not None:
            parameters = child(function, "parameters")
            start = b"async " if any(one.type == "async" for one in function.children) else b""
            edits += [
                Edit(node.start_byte, parameters.start_byte, start),
                Edit(parameters.end_byte, parameters.end_byte, b" =>"),
                Edit(function.end_byte, node.end_byte, b""),
            ]
    return edits


def _bound(module: Module, call: Node) -> Node | None:
    """Return the function of ``function () { ... }.bind(this)`` that an arrow can stand for."""
    member = call.child_by_field_name("function") if call.type == "call_expression" else None
    if member is None or member.type != "member_expression" or child(member, "property").text != b"bind":
        return None
    function, given = bare(child(member, "object")), arguments(call)
    is_this = len(given) == 1 and given[0].type == "this"
    is_plain = function.type == "function_expression" and function.child_by_field_name("name") is None
    if not is_this or not is_plain or any(one.text == b"arguments" for one in walk(function)):
        return None
    return function
