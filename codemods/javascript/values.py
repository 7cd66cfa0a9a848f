"""Says what an expression stands for in one call of a function: parameters filled in, conditions decided.

In the code that calls (``ROOT``) a name is just a name: what it holds when the code runs is not asked for.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from tree_sitter import Node

from codemods.javascript.parser import Module, child, items
from codemods.javascript.scope import Binding

SPREAD = "..."
"""Stands for the key of a spread whose members are not known."""
UNKNOWN = "?"
"""Stands for a condition that is not known."""


class Env(Struct, frozen=True, eq=False):
    """What the parameters of a function stand for in one call of it; ``call`` is the call in it that asks."""

    values: Mapping[Binding, Value] = field(default_factory=dict)
    call: Node | None = None
    is_root: bool = False


class Expr(Struct, frozen=True):
    """An expression, and what the parameters around it stand for."""

    module: Module
    node: Node
    env: Env

    def at(self, node: Node) -> Expr:
        """Return another node of the same place."""
        return Expr(self.module, node, self.env)

    @property
    def text(self) -> str:
        """The source of the expression."""
        return self.module.text(self.node)


class Member(Struct, frozen=True):
    """One ``key: value`` of an object.

    ``asks`` is what decides at run time whether it is there: code of the caller that is asked for being given at all,
    or UNKNOWN.
    """

    key: str
    value: Value
    key_code: str = ""
    asks: frozenset[str] = frozenset()


class Obj(Struct, frozen=True):
    """An object, put together from several expressions."""

    members: tuple[Member, ...]


class Undefined:
    """The value of what is not passed."""


Value = Expr | Obj | Undefined
ROOT = Env(is_root=True)
OUTSIDE = Env()
"""For code at the top of a file that a helper uses: no parameters, but no caller's code either."""
UNDEFINED = Undefined()


def parameters(function: Node) -> list[Node]:
    """Return the parameters of a function as they are written."""
    single = function.child_by_field_name("parameter")
    return [single] if single is not None else items(child(function, "parameters"))


def returned(function: Node) -> Node | None:
    """Return the expression that a function consists of, or None where it does more than return one."""
    body = function.child_by_field_name("body")
    if body is None or body.type != "statement_block":
        return body
    only = items(body)[0] if len(items(body)) == 1 else None
    return items(only)[0] if only is not None and only.type == "return_statement" and items(only) else None


def changes(module: Module, binding: Binding) -> list[Node]:
    """Return the uses of a name in which a member of it is set, deleted or appended to."""
    return [one for one in binding.references if changed_member(module, one) is not None]


def changed_member(module: Module, reference: Node) -> Node | None:
    """Return ``name.key`` (or ``name.a.b``) where that is assigned to, deleted, or ``name.set(...)`` is called."""
    node = reference
    while True:
        outer = node.parent
        if outer is None or outer.type not in {"member_expression", "subscript_expression"}:
            break
        if outer.child_by_field_name("object") != node:
            return None
        node = outer
    if node == reference or outer is None:
        return None
    if outer.type in {"assignment_expression", "augmented_assignment_expression"}:
        return node if outer.child_by_field_name("left") == node else None
    if outer.type == "call_expression" and outer.child_by_field_name("function") == node:
        return node if module.text(node).rpartition(".")[2] in {"set", "append", "delete"} else None
    is_deleted = outer.type == "unary_expression" and outer.children[0].type == "delete"
    return node if is_deleted or outer.type == "update_expression" else None


def key_name(module: Module, key: Node) -> str:
    """Return the name of a property; SPREAD where it is computed."""
    text = module.text(key)
    if key.type == "computed_property_name":
        return SPREAD
    return text[1:-1] if key.type == "string" else text


def pattern_key(module: Module, one: Node) -> str:
    """Return which member a part of an object pattern takes."""
    if one.type == "object_assignment_pattern":
        return module.text(child(one, "left"))
    return key_name(module, child(one, "key")) if one.type == "pair_pattern" else module.text(one)
