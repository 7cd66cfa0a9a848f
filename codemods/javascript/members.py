"""Finds what ``API.coaches``, ``config.api.baseUrl`` and ``this.base`` stand for: constants that nothing changes."""

from __future__ import annotations

from tree_sitter import Node

from codemods.javascript.literals import key_of, properties
from codemods.javascript.modules import Modules
from codemods.javascript.parser import FUNCTIONS, Module, ancestors, arguments, bare, child, items, walk
from codemods.javascript.scope import Binding
from codemods.javascript.values import OUTSIDE, Expr, changed_member, parameters

_FIELDS = frozenset({"field_definition", "public_field_definition"})
_DEPTH = 6


def member_value(modules: Modules, expr: Expr) -> Expr | None:
    """Return the expression that ``object.key`` is, where the object is a literal or class that nothing changes."""
    return _member(modules, expr, 0)


def _member(modules: Modules, expr: Expr, depth: int) -> Expr | None:
    target, key = expr.at(bare(child(expr.node, "object"))), expr.module.text(child(expr.node, "property"))
    if target.node.type == "this":
        return own_value(modules, target, key)
    literal = _object(modules, target, depth)
    if literal is None:
        return None
    return next((literal.at(value) for name, value in properties(literal.module, literal.node) if name == key), None)


def _object(modules: Modules, expr: Expr, depth: int) -> Expr | None:
    """Return the object literal that an expression is."""
    expr = expr.at(bare(expr.node))
    kind = expr.node.type
    if kind == "object":
        return expr
    if depth > _DEPTH:
        return None
    if kind == "member_expression":
        inner = _member(modules, expr, depth + 1)
        return _object(modules, inner, depth + 1) if inner is not None else None
    if kind == "call_expression" and expr.module.text(child(expr.node, "function")) == "Object.freeze":
        return _object(modules, expr.at(arguments(expr.node)[0]), depth + 1)
    if kind != "identifier":
        return None
    binding = modules.scopes(expr.module).binding(expr.node)
    if binding is None or not binding.is_constant or any(_changes(expr.module, one) for one in binding.references):
        return None
    found = _declared(modules, expr, binding)
    return _object(modules, found, depth + 1) if found is not None else None


def _declared(modules: Modules, expr: Expr, binding: Binding) -> Expr | None:
    if binding.kind != "import":
        return expr.at(binding.value) if binding.value is not None else None
    found = modules.imported(expr.module, binding)
    return Expr(*found, expr.env if expr.env.is_root else OUTSIDE) if found is not None else None


def _changes(module: Module, reference: Node) -> bool:
    """True for ``name.x = ...`` and for a name that is handed on."""
    outer = reference.parent
    is_handed_on = outer is not None and outer.type in {"arguments", "spread_element", "subscript_expression"}
    return is_handed_on or changed_member(module, reference) is not None


# ---- this -------------------------------------------------------------------------------------


def own_value(modules: Modules, this: Expr, key: str) -> Expr | None:
    """Return what ``this.key`` is: a field, what the constructor sets once, or a property of the same literal."""
    body = holder(this.node)
    if body is None:
        return None
    if body.type == "object":
        return next((this.at(value) for name, value in properties(this.module, body) if name == key), None)
    found = [one for one in items(body) if one.type in _FIELDS and _name(this.module, one) == key]
    sets = [one for one in walk(body) if _sets(this.module, one, key)]
    if len(found) == 1 and not sets and found[0].child_by_field_name("value") is not None:
        return Expr(this.module, child(found[0], "value"), OUTSIDE)
    if len(sets) == 1 and not any(one.child_by_field_name("value") is not None for one in found):
        return _given(modules, Expr(this.module, child(sets[0], "right"), OUTSIDE), body)
    return None


def holder(node: Node) -> Node | None:
    """Return the class body or object literal whose method or field a node is in."""
    is_inside = False
    for one in ancestors(node):
        if one.type == "class_body" or (one.type == "object" and is_inside):
            return one
        is_inside |= one.type in FUNCTIONS
    return None


def _name(module: Module, definition: Node) -> str:
    name = definition.child_by_field_name("property") or definition.child_by_field_name("name")
    return key_of(module, name) if name is not None else ""


def _sets(module: Module, node: Node, key: str) -> bool:
    is_assignment = node.type in {"assignment_expression", "augmented_assignment_expression"}
    return is_assignment and module.text(child(node, "left")) == f"this.{key}"


def _given(modules: Modules, value: Expr, body: Node) -> Expr | None:
    """Return what a constructor assigns; for a parameter, what the only ``new`` of the class gives it."""
    maker = next((one for one in ancestors(value.node) if one.type in FUNCTIONS), None)
    if maker is None or value.module.text(child(maker, "name")) != "constructor":
        return None
    binding = modules.scopes(value.module).binding(value.node) if value.node.type == "identifier" else None
    if binding is None or binding.kind != "param":
        return value
    index = next((i for i, one in enumerate(parameters(maker)) if binding.name in _names(value.module, one)), -1)
    made = list(_made(modules, body))
    if index < 0 or len(made) != 1:
        return None
    given = arguments(made[0].node)
    if index < len(given):
        return made[0].at(given[index])
    default = parameters(maker)[index].child_by_field_name("right") or parameters(maker)[index].child_by_field_name(
        "value"
    )
    return value.at(default) if default is not None else None


def _names(module: Module, parameter: Node) -> set[str]:
    left = parameter.child_by_field_name("left") or parameter.child_by_field_name("pattern") or parameter
    return {module.text(left)}


def _made(modules: Modules, body: Node) -> list[Expr]:
    """Return every ``new`` of a class in the front end."""
    name = body.parent.child_by_field_name("name") if body.parent is not None else None
    if name is None or name.text is None:
        return []
    word = name.text
    found = []
    for other in modules.matching(lambda data: b"new " + word in data):
        for node in walk(other.root):
            if node.type == "new_expression" and child(node, "constructor").text == word:
                found.append(Expr(other, node, OUTSIDE))
    return found
