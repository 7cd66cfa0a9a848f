"""Finds the code that reads JSON from an answer that is always empty: it never got beyond that.

The event map says which routes answer 204 and nothing else when all is well (docs/wire.md, ``status``).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator

from tree_sitter import Node

from bridge.events import Event
from codemods import reasons
from codemods.javascript.callbacks import parameter
from codemods.javascript.chain import Chain
from codemods.javascript.named_handlers import known_function
from codemods.javascript.parser import FUNCTIONS, Module, ancestors, around, bare, child, is_within, items
from codemods.javascript.response_use import exits
from codemods.javascript.scope import Scopes
from codemods.results import Left

_ANSWERED = {"ok": True, "status": 204}
_COMPARED: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "===": operator.eq,
    "!=": operator.ne,
    "!==": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def check_answer(module: Module, scopes: Scopes, chain: Chain, event: Event) -> None:
    """Raise Left where an answer with the status 204 would be read as JSON, which always fails."""
    if event.status != _ANSWERED["status"]:
        return
    for call in _json_calls(module, scopes, chain):
        if _is_reached(module, call):
            what = f"{event.method} {event.rule} answers 204, without a body"
            msg = f"{what}: json() always fails, so what follows never ran."
            raise Left(reasons.EMPTY_ANSWER, msg)


def _json_calls(module: Module, scopes: Scopes, chain: Chain) -> Iterator[Node]:
    """Yield every ``r.json()`` of the Response that a call gives; none where its headers may decide what is read."""
    name = _name(module, chain)
    binding = scopes.binding(name) if name is not None else None
    references = [] if binding is None else binding.references
    if any(module.text(around(one)).endswith(".headers") for one in references):
        return
    for reference in references:
        yield from _json_call(module, reference)
    if not chain.links and around(chain.call).type == "await_expression":
        yield from _json_call(module, _out_of_parentheses(around(chain.call)))


def _name(module: Module, chain: Chain) -> Node | None:
    """Return the name that the Response gets: a callback's parameter, or a variable."""
    if chain.links:
        handlers = chain.links[0].handlers
        is_read = chain.links[0].method == "then" and bool(handlers)
        callback = known_function(module, handlers[0]) if is_read else chain.call
        name = parameter(callback) if callback.type in FUNCTIONS else None
    else:
        outer = around(around(chain.call))
        field = {"variable_declarator": "name", "assignment_expression": "left"}.get(outer.type)
        name = outer.child_by_field_name(field) if field is not None else None
    return name if name is not None and name.type == "identifier" else None


def _out_of_parentheses(node: Node) -> Node:
    """Return a node with the parentheses around it; ``await (...)`` is a call to the JavaScript grammar."""
    outer = around(node)
    while outer.type == "parenthesized_expression":
        node, outer = outer, around(outer)
    return around(outer) if outer.type == "arguments" and around(outer).type == "call_expression" else node


def _json_call(module: Module, response: Node) -> Iterator[Node]:
    member = around(response)
    is_member = member.type == "member_expression" and child(member, "object") == response
    if is_member and module.text(child(member, "property")) == "json":
        yield member


def _is_reached(module: Module, node: Node) -> bool:
    """True unless the conditions on the way to a node say no for an answer that is ok and has the status 204."""
    inner = node
    for outer in ancestors(node):
        if outer.type in {"if_statement", "ternary_expression"}:
            decided = _truth(module, child(outer, "condition"))
            is_first = is_within(node, child(outer, "consequence"))
            if not is_within(node, child(outer, "condition")) and decided is not None and decided != is_first:
                return False
        elif outer.type == "binary_expression" and inner == child(outer, "right"):
            if _truth(module, child(outer, "left")) is {"&&": False, "||": True}.get(outer.children[1].type):
                return False
        elif outer.type == "statement_block" and any(_leaves(module, one) for one in _before(outer, inner)):
            return False
        inner = outer
    return True


def _before(block: Node, inner: Node) -> list[Node]:
    return [one for one in items(block) if one.end_byte <= inner.start_byte]


def _leaves(module: Module, statement: Node) -> bool:
    """True for ``if (...) return`` with a condition that such an answer meets."""
    if statement.type != "if_statement":
        return exits(statement)
    decided = _truth(module, child(statement, "condition"))
    way = {True: child(statement, "consequence"), False: statement.child_by_field_name("alternative")}
    taken = way[decided] if decided is not None else None
    return taken is not None and exits(taken)


def _truth(module: Module, condition: Node) -> bool | None:
    """Return what a condition is for such an answer, or None where it does not depend on that alone."""
    node = bare(condition)
    if node.type == "unary_expression" and node.children[0].type == "!":
        opposite = _truth(module, child(node, "argument"))
        return None if opposite is None else not opposite
    if node.type == "binary_expression":
        return _of_two(module, node)
    value = _value(module, node)
    return None if value is None else bool(value)


def _of_two(module: Module, node: Node) -> bool | None:
    sign = node.children[1].type
    left, right = child(node, "left"), child(node, "right")
    if sign in {"&&", "||"}:
        both = (_truth(module, left), _truth(module, right))
        decisive = sign == "||"
        return decisive if decisive in both else None if None in both else not decisive
    first, second = _value(module, bare(left)), _value(module, bare(right))
    compare = _COMPARED.get(sign)
    return None if first is None or second is None or compare is None else compare(first, second)


def _value(module: Module, node: Node) -> int | bool | None:
    if node.type == "number" and module.text(node).isdecimal():
        return int(module.text(node))
    if node.type in {"true", "false"}:
        return node.type == "true"
    is_member = node.type == "member_expression" and child(node, "object").type == "identifier"
    return _ANSWERED.get(module.text(child(node, "property"))) if is_member else None
