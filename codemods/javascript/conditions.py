"""Decides conditions on what a caller gives: whether it is there, what kind of value it is, which text it is."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from codemods.javascript.parser import arguments, child, items
from codemods.javascript.values import Expr, Obj, Undefined, Value

_TRUE = frozenset({"array", "arrow_function", "function_expression", "new_expression", "object", "regex", "true"})
_FALSE = frozenset({"false", "null", "undefined"})
_OPAQUE = frozenset({"identifier", "shorthand_property_identifier", "member_expression", "subscript_expression"})


class Conditions(Struct, frozen=True):
    """Decides conditions; with ``asked`` it takes what a caller gives for something that is there, and notes its code.

    Such a value is presumed to be data: an object, no text and no FormData made in sight.
    """

    reduce: Callable[[Value], Value]
    asked: set[str] | None = None

    def truth(self, value: Value) -> bool | None:
        """Return whether a condition holds, or None where that is not known."""
        value = self.reduce(value)
        if isinstance(value, Undefined):
            return False
        if isinstance(value, Obj) or value.node.type in _TRUE:
            return True
        kind = value.node.type
        if kind in _FALSE:
            return False
        if kind in {"string", "template_string"}:
            return any(one.type in {"string_fragment", "escape_sequence"} for one in value.node.children) or (
                None if kind == "template_string" and items(value.node) else False
            )
        if kind == "number":
            return value.text.strip("0._") != ""
        return self._computed(value, kind)

    def _computed(self, value: Expr, kind: str) -> bool | None:
        if kind == "unary_expression" and value.node.children[0].type == "!":
            inner = self.truth(value.at(child(value.node, "argument")))
            return None if inner is None else not inner
        if kind == "binary_expression":
            return self._binary(value)
        if kind == "call_expression" and value.env.is_root is False:
            return self._called(value)
        if kind == "call_expression" and value.text.startswith("JSON.stringify("):
            return True
        return True if self._is_presumed(value) else None

    def _is_presumed(self, value: Value) -> bool:
        """True for what a caller gives, which is then noted."""
        is_given = isinstance(value, Expr) and value.env.is_root and value.node.type in _OPAQUE
        if self.asked is None or not is_given:
            return False
        assert isinstance(value, Expr)
        self.asked.add(value.text)
        return True

    # ---- two sides ------------------------------------------------------------------------

    def _binary(self, value: Expr) -> bool | None:
        sign = value.node.children[1].type
        left, right = value.at(child(value.node, "left")), value.at(child(value.node, "right"))
        if sign in {"&&", "||"}:
            sides = [self.truth(left), self.truth(right)]
            decisive = sign == "||"
            return decisive if decisive in sides else None if None in sides else not decisive
        if sign in {"===", "==", "!==", "!="}:
            same = self._is_same(left, right, is_loose=len(sign) == 2)
            return None if same is None else same is (sign[0] == "=")
        if sign == "instanceof":
            return self._is_made_by(self.reduce(left), right.text)
        return None

    def _is_same(self, left: Expr, right: Expr, *, is_loose: bool) -> bool | None:
        if left.node.type == "unary_expression" and left.node.children[0].type == "typeof":
            return self._is_type(left.at(child(left.node, "argument")), right.text.strip("'\""))
        one, two = self._constant(left), self._constant(right)
        if one is None and two in {"undefined", "null"}:
            value = self.reduce(left)
            return False if self.truth(value) is True else None
        if one is None or two is None:
            return None
        nothing = {"undefined", "null"}
        return one == two or (is_loose and one in nothing and two in nothing)

    def _constant(self, expr: Expr) -> str | None:
        value = self.reduce(expr)
        if isinstance(value, Undefined):
            return "undefined"
        if isinstance(value, Expr) and value.node.type in {"string", "null", "true", "false", "number"}:
            return value.text.strip("'\"") if value.node.type != "null" else "null"
        return None

    def _is_type(self, expr: Expr, wanted: str) -> bool | None:
        value = self.reduce(expr)
        if isinstance(value, Undefined):
            return wanted == "undefined"
        kinds = {"string": "string", "template_string": "string", "number": "number", "array": "object"}
        if isinstance(value, Obj) or value.node.type in {"object", "new_expression"}:
            return wanted == "object"
        if value.text.startswith("JSON.stringify("):
            return wanted == "string"
        if value.node.type in kinds:
            return wanted == kinds[value.node.type]
        return wanted == "object" if self._is_presumed(value) else None

    def _is_made_by(self, value: Value, name: str) -> bool | None:
        if isinstance(value, (Obj, Undefined)) or value.node.type in {"object", "array", "string", "template_string"}:
            return False
        if value.text.startswith("JSON.stringify("):
            return False
        if value.node.type == "new_expression":
            return value.text.removeprefix("new ").startswith(name)
        return False if _is_state(value) and self._is_presumed(value) else None

    def _called(self, value: Expr) -> bool | None:
        """Decide ``path.startsWith("/")`` and ``["POST", "PUT"].includes(method)``."""
        function, given = child(value.node, "function"), arguments(value.node)
        if function.type != "member_expression" or len(given) != 1:
            return True if value.text.startswith("JSON.stringify(") else None
        name, target = value.module.text(child(function, "property")), value.at(child(function, "object"))
        argument = self._constant(value.at(given[0]))
        if argument is None and name == "includes":
            return None
        if name == "startsWith" and argument is not None:
            start = self._start(target)
            return (
                None if start is None else start.startswith(argument) or (None if len(start) < len(argument) else False)
            )
        reduced = self.reduce(target)
        if name == "includes" and isinstance(reduced, Expr) and reduced.node.type == "array":
            found = [self._constant(reduced.at(one)) for one in items(reduced.node)]
            return None if None in found else argument in found
        return None

    def _start(self, expr: Expr) -> str | None:
        """Return the constant text that a string starts with."""
        value = self.reduce(expr)
        if not isinstance(value, Expr) or value.node.type not in {"string", "template_string"}:
            return None
        first = next((one for one in value.node.children if one.is_named), None)
        return value.module.text(first) if first is not None and first.type == "string_fragment" else None


def _starts_with(start: str | None, wanted: str) -> bool | None:
    if start is None or (len(start) < len(wanted) and wanted.startswith(start)):
        return None
    return start.startswith(wanted)


def _is_state(value: Expr) -> bool:
    """True for a name whose code does not say that it holds form data."""
    return "new FormData" not in value.module.data.decode(errors="replace") and value.node.type in _OPAQUE
