"""Follows names, members and decided choices to what they stand for, as far as that is certain."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace
from tree_sitter import Node

from codemods.javascript.building import built
from codemods.javascript.conditions import Conditions
from codemods.javascript.members import holder
from codemods.javascript.modules import Modules
from codemods.javascript.parser import Module, arguments, bare, child, items
from codemods.javascript.scope import Binding
from codemods.javascript.values import (
    OUTSIDE,
    SPREAD,
    UNDEFINED,
    UNKNOWN,
    Env,
    Expr,
    Member,
    Obj,
    Undefined,
    Value,
    changes,
    key_name,
    parameters,
    pattern_key,
    returned,
)

_MOST_STEPS = 40
_DEEPEST = 12
"""How far names are followed within each other: two constants may be made of one another."""


class Values(Struct, eq=False):
    """Follows names and members to what they stand for, as far as that is certain."""

    modules: Modules
    _depth: int = 0

    def reduce(self, value: Value) -> Value:
        """Return the expression that a value comes from: parameters, constants and decided choices followed."""
        self._depth += 1
        try:
            return self._reduced(value) if self._depth < _DEEPEST else value
        finally:
            self._depth -= 1

    def _reduced(self, value: Value) -> Value:
        for _ in range(_MOST_STEPS):
            if not isinstance(value, Expr):
                return value
            value = value.at(bare(value.node))
            following = self._step(value)
            if following is None:
                return value
            value = following
        return value

    def _step(self, expr: Expr) -> Value | None:
        kind = expr.node.type
        if kind == "undefined":
            return UNDEFINED
        if kind in {"identifier", "shorthand_property_identifier"}:
            return self._named(expr)
        if kind == "member_expression":
            return self._member(expr)
        if kind == "ternary_expression":
            return self._chosen(expr, "condition", "consequence", "alternative")
        if kind == "binary_expression":
            return self._either(expr)
        return None

    # ---- names ----------------------------------------------------------------------------

    def _named(self, expr: Expr) -> Value | None:
        binding = self.binding(expr)
        if binding is None:
            return UNDEFINED if expr.text == "undefined" else None
        if binding in expr.env.values:
            is_plain = binding.is_constant and not changes(expr.module, binding)
            return expr.env.values[binding] if is_plain else None
        if expr.env.is_root or not binding.is_constant or changes(expr.module, binding):
            return None
        if binding.kind == "import":
            return self._imported(expr.module, binding)
        if binding.value is not None:
            return expr.at(binding.value)
        return self._taken_apart(expr, binding)

    def binding(self, expr: Expr) -> Binding | None:
        """Return what a name refers to."""
        return self.modules.scopes(expr.module).binding(expr.node)

    def _imported(self, module: Module, binding: Binding) -> Value | None:
        found = self.modules.imported(module, binding)
        is_value = found is not None and not found[1].type.endswith("declaration")
        return Expr(*found, OUTSIDE) if found is not None and is_value else None

    def _taken_apart(self, expr: Expr, binding: Binding) -> Value | None:
        """Return what ``const { method = "GET" } = options`` gives a name."""
        declaration = binding.declaration
        value = declaration.child_by_field_name("value")
        if declaration.type != "variable_declarator" or value is None:
            return None
        found: dict[Binding, Value] = {}
        self.bind(expr.at(child(declaration, "name")), expr.at(value), found)
        return found.get(binding)

    def _member(self, expr: Expr) -> Value | None:
        target = expr.at(child(expr.node, "object"))
        if target.node.type == "this":
            return None
        value = self.reduce(target)
        if isinstance(value, Undefined):
            return UNDEFINED if any(one.type == "optional_chain" for one in expr.node.children) else None
        if isinstance(value, Expr) and value.env.is_root:
            return (
                None
                if value.node.type != "object"
                else self.member(value, expr.module.text(child(expr.node, "property")))
            )
        return self.member(value, expr.module.text(child(expr.node, "property")))

    def member(self, value: Value, key: str) -> Value | None:
        """Return one member of an object, UNDEFINED where it has none, None where that is not known."""
        members = self.members(value)
        if members is None or any(one.key == SPREAD for one in members):
            return None
        found = next((one for one in reversed(members) if one.key == key), None)
        if found is None:
            return UNDEFINED
        return None if found.asks else found.value

    # ---- choices --------------------------------------------------------------------------

    def _chosen(self, expr: Expr, condition: str, yes: str, no: str) -> Value | None:
        decided = self.truth(expr.at(child(expr.node, condition)))
        return None if decided is None else expr.at(child(expr.node, yes if decided else no))

    def _either(self, expr: Expr) -> Value | None:
        sign, left, right = expr.node.children[1].type, child(expr.node, "left"), child(expr.node, "right")
        if sign == "??":
            value = self.reduce(expr.at(left))
            is_null = isinstance(value, Undefined) or (isinstance(value, Expr) and value.node.type == "null")
            return expr.at(right) if is_null else expr.at(left) if self.truth(expr.at(left)) is not None else None
        if sign not in {"||", "&&"}:
            return None
        decided = self.truth(expr.at(left))
        if decided is None:
            return None
        return expr.at(left if decided is (sign == "||") else right)

    def truth(self, value: Value) -> bool | None:
        """Return whether a condition holds, or None where that depends on what is not known here."""
        return Conditions(self.reduce).truth(value)

    def presumed(self, value: Value) -> tuple[bool | None, frozenset[str]]:
        """Return whether a condition holds if what the caller gives is there, and which code of the caller it asks."""
        asked: set[str] = set()
        decided = Conditions(self.reduce, asked).truth(value)
        return decided, frozenset({UNKNOWN}) if decided is None else frozenset(asked)

    # ---- objects --------------------------------------------------------------------------

    def members(self, value: Value) -> list[Member] | None:
        """Return the members of an object, later ones winning, or None where it is not known.

        A spread of something unknown is a member whose key is SPREAD.
        """
        value = self.reduce(value)
        if isinstance(value, Undefined):
            return []
        if isinstance(value, Obj):
            return list(value.members)
        kind = value.node.type
        if kind in {"null", "false"}:
            return []
        if kind == "object":
            return [one for node in items(value.node) for one in self._listed(value.at(node))]
        if kind in {"identifier", "shorthand_property_identifier"}:
            return self._built(value)
        return self._made(value) if kind in {"call_expression", "new_expression"} else None

    def _listed(self, expr: Expr) -> list[Member]:
        node, module = expr.node, expr.module
        if node.type == "pair":
            key = child(node, "key")
            return [Member(key_name(module, key), expr.at(child(node, "value")), module.text(key))]
        if node.type == "shorthand_property_identifier":
            return [Member(module.text(node), expr, module.text(node))]
        if node.type == "spread_element":
            return self._spread(expr.at(items(node)[0]))
        return [Member(SPREAD, expr)]

    def _spread(self, expr: Expr) -> list[Member]:
        members = self.members(expr)
        if members is not None:
            return members
        node = bare(expr.node)
        if node.type == "binary_expression" and node.children[1].type in {"&&", "||", "??"}:
            condition, yes, no = child(node, "left"), child(node, "right"), None
        elif node.type == "ternary_expression":
            condition, yes, no = (child(node, name) for name in ("condition", "consequence", "alternative"))
        else:
            return [Member(SPREAD, expr)]
        if node.children[1].type in {"||", "??"}:  # `...(headers || {})`: spreads nothing where it is not given
            return [Member(SPREAD, expr)]
        decided, asks = self.presumed(expr.at(condition))
        options = [
            expr.at(one) for one in (yes, no) if one is not None and (decided is None or (one is yes) is decided)
        ]
        return self._conditional(expr, options, asks)

    def _conditional(self, expr: Expr, options: list[Expr], asks: frozenset[str]) -> list[Member]:
        found = [self.members(one) for one in options]
        if any(one is None for one in found):
            return [Member(SPREAD, expr)]
        return [replace(one, asks=one.asks | asks) for some in found for one in some or ()]

    def _made(self, expr: Expr) -> list[Member] | None:
        """Return the members of ``Object.assign(...)``, ``new Headers(...)`` and of what a function returns."""
        called = expr.node.child_by_field_name("function") or expr.node.child_by_field_name("constructor")
        name, given = expr.module.text(called) if called is not None else "", arguments(expr.node)
        if name in {"Object.assign", "Headers"}:
            parts = [self.members(expr.at(one)) for one in given]
            return None if any(one is None for one in parts) else [one for part in parts for one in part or ()]
        found = self.function(expr.at(called)) if called is not None and not expr.env.is_root else None
        result = returned(found[1]) if found is not None else None
        if found is None or result is None:
            return None
        env = self.bound(found[0], found[1], [expr.at(one) for one in given], None)
        return self.members(Expr(found[0], result, env))

    def function(self, expr: Expr) -> tuple[Module, Node] | None:
        """Return the function that a name stands for, or a method of the class around it."""
        if expr.node.type == "member_expression":
            return self._method(expr)
        binding = self.binding(expr) if expr.node.type == "identifier" else None
        if binding is None or not binding.is_constant:
            return None
        if binding.kind == "import":
            return self.modules.imported(expr.module, binding)
        return expr.module, binding.value or binding.declaration

    def _method(self, expr: Expr) -> tuple[Module, Node] | None:
        """Return the method that ``this.headers`` or ``Api.headers`` is, within the class itself."""
        body = holder(expr.node)
        target, key = child(expr.node, "object"), expr.module.text(child(expr.node, "property"))
        if body is None or body.parent is None:
            return None
        name = body.parent.child_by_field_name("name")
        if target.type != "this" and (name is None or target.text != name.text):
            return None
        methods = [one for one in items(body) if one.type == "method_definition"]
        found = [one for one in methods if expr.module.text(child(one, "name")) == key]
        return (expr.module, found[0]) if len(found) == 1 else None

    # ---- objects that are built step by step --------------------------------------------------

    def _built(self, expr: Expr) -> list[Member] | None:
        """Return the members of a variable: those of its first value, and those set before the call."""
        binding = self.binding(expr)
        if binding is None or not binding.is_constant:
            return None
        if expr.env.is_root:
            return self._literal(expr, binding)
        first = expr.env.values.get(binding) or (expr.at(binding.value) if binding.value is not None else None)
        members = self.members(first) if first is not None else None
        if members is None or (isinstance(first, Expr) and first.node == expr.node):
            return None
        return built(expr, binding, members, self.members, self.presumed)

    def _literal(self, expr: Expr, binding: Binding) -> list[Member] | None:
        """Return the members of a constant that is an object of literals."""
        value = bare(binding.value) if binding.value is not None else None
        if value is None or value.type != "object" or changes(expr.module, binding):
            return None
        is_literal = all(one.type == "pair" and child(one, "value").type == "string" for one in items(value))
        return self.members(expr.at(value)) if is_literal else None

    # ---- parameters -----------------------------------------------------------------------

    def bound(self, module: Module, function: Node, given: list[Value], call: Node | None) -> Env:
        """Return what the parameters of a function stand for when it gets these arguments."""
        found: dict[Binding, Value] = {}
        env = Env(found, call)
        for index, one in enumerate(parameters(function)):
            self.bind(Expr(module, one, env), given[index] if index < len(given) else UNDEFINED, found)
        return env

    def bind(self, pattern: Expr, value: Value, found: dict[Binding, Value]) -> None:
        """Note what the names of a parameter or pattern stand for."""
        node = pattern.node
        if node.type in {"required_parameter", "optional_parameter"}:
            default = node.child_by_field_name("value")
            self._bind_default(pattern.at(child(node, "pattern")), default, value, found)
        elif node.type in {"assignment_pattern", "object_assignment_pattern"}:
            self._bind_default(pattern.at(child(node, "left")), child(node, "right"), value, found)
        elif node.type in {"identifier", "shorthand_property_identifier_pattern"}:
            binding = self.binding(pattern)
            if binding is not None:
                found[binding] = value
        elif node.type == "object_pattern":
            self._bind_object(pattern, value, found)

    def _bind_default(self, pattern: Expr, default: Node | None, value: Value, found: dict[Binding, Value]) -> None:
        is_missing = default is not None and isinstance(self.reduce(value), Undefined)
        self.bind(pattern, pattern.at(default) if default is not None and is_missing else value, found)

    def _bind_object(self, pattern: Expr, value: Value, found: dict[Binding, Value]) -> None:
        members = self.members(value)
        if members is None or any(one.key == SPREAD for one in members):
            return
        taken: set[str] = set()
        for one in items(pattern.node):
            if one.type == "rest_pattern":
                rest = Obj(tuple(member for member in members if member.key not in taken))
                self.bind(pattern.at(items(one)[0]), rest, found)
                continue
            key = pattern_key(pattern.module, one)
            taken.add(key)
            inner = child(one, "value") if one.type == "pair_pattern" else one
            got = self.member(Obj(tuple(members)), key)
            if got is not None:
                self.bind(pattern.at(inner), got, found)
