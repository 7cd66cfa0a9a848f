"""Resolves an expression to the URLs that it can be: literals, templates, concatenations, constants."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from urllib.parse import quote_plus

from msgspec.structs import replace
from tree_sitter import Node

from codemods.javascript.choices import NOTHING, Assumed, chosen
from codemods.javascript.composing import absolute, composed, query
from codemods.javascript.evaluating import Values
from codemods.javascript.literals import key_of, string_value, unescape
from codemods.javascript.members import member_value
from codemods.javascript.modules import Modules
from codemods.javascript.parser import Module, arguments, bare, child, items, walk
from codemods.javascript.scope import Binding
from codemods.javascript.values import ROOT, Expr, Undefined, Value, changes
from codemods.urls import SPREAD, Hole, Part, Parts, Text, Unknown, cut, join

_MOST = 8
_NO_DEFINES: Mapping[str, str] = {}
_ENV = re.compile(r"(?:import\.meta|process)\.env\.(\w+)")
_ORIGIN = re.compile(r"(?:window\.)?location\.origin")
_QUIET = frozenset({"encodeURIComponent", "encodeURI", "String", "URL", "URLSearchParams"})


class Constants:
    """Resolves expressions to URLs; ``defines`` gives values to environment variables and names.

    ``site`` is the call: what a local constant was made of must still mean the same there. ``assumed`` are
    conditions that are taken for known.
    """

    def __init__(
        self,
        modules: Modules,
        module: Module,
        site: Node,
        defines: Mapping[str, str] = _NO_DEFINES,
        assumed: Assumed = NOTHING,
    ) -> None:
        self.modules = modules
        self.module = module
        self.site = site
        self.defines = defines
        self.assumed = assumed
        self.values = Values(modules)

    def urls(self, node: Node) -> list[Parts]:
        """Return every URL that an expression of the calling code can be."""
        return self.of(Expr(self.module, node, ROOT))

    def of(self, expr: Value) -> list[Parts]:
        """Return every URL that an expression can be."""
        return list(dict.fromkeys(join(parts) for parts in self._resolve(expr, 0)))

    def _resolve(self, value: Value, depth: int) -> list[Parts]:
        if not isinstance(value, Expr):
            return [(Text("undefined"),)] if isinstance(value, Undefined) else [(Unknown("{...}"),)]
        expr = value.at(bare(value.node))
        if expr.node.type == "undefined":
            return [(Text("undefined"),)]
        handler = {
            "string": self._string,
            "number": self._string,
            "template_string": self._template,
            "binary_expression": self._binary,
            "ternary_expression": self._ternary,
            "identifier": self._identifier,
            "shorthand_property_identifier": self._identifier,
            "member_expression": self._member,
            "call_expression": self._call,
            "new_expression": self._new,
        }.get(expr.node.type)
        if handler is None or depth > 16:
            return [self._hole(expr)]
        return handler(expr, depth)[:_MOST]

    def _hole(self, expr: Expr) -> Parts:
        code = f"({expr.text})" if expr.node.type == "sequence_expression" else expr.text
        if not self._is_usable(expr):
            return (Unknown(code),)
        return (Hole(code, is_plain=expr.node.type in {"identifier", "member_expression"}),)

    def _is_usable(self, expr: Expr) -> bool:
        """True for code of the calling code, or of a helper around it whose names mean the same at the call."""
        if expr.env.is_root:
            return True
        names = [one for one in walk(expr.node) if one.type in {"identifier", "this"}]
        return expr.module is self.module and bool(names) and all(self._is_same(expr, one) for one in names)

    def _is_same(self, expr: Expr, name: Node) -> bool:
        scopes = self.modules.scopes(self.module)
        binding = scopes.binding(name)
        is_free = binding is not None and binding not in expr.env.values
        return is_free and scopes.visible(self.site, expr.module.text(name)) is binding

    def _string(self, expr: Expr, depth: int) -> list[Parts]:
        return [(Text(string_value(expr.module, expr.node)),)]

    def _template(self, expr: Expr, depth: int) -> list[Parts]:
        pieces: list[list[Parts]] = []
        for one in expr.node.children:
            if one.type == "template_substitution":
                pieces.append(self._resolve(expr.at(items(one)[0]), depth + 1))
            elif one.type in {"string_fragment", "escape_sequence"}:
                pieces.append([(Text(unescape(expr.module.text(one))),)])
        return [sum(choice, ()) for choice in product(*pieces)]

    def _binary(self, expr: Expr, depth: int) -> list[Parts]:
        left, right = expr.at(child(expr.node, "left")), expr.at(child(expr.node, "right"))
        operator = expr.module.text(child(expr.node, "operator"))
        if operator == "+" and (self._is_text(left) or self._is_text(right)):
            pairs = product(self._resolve(left, depth + 1), self._resolve(right, depth + 1))
            return [a + b for a, b in pairs]
        if operator in {"||", "??"}:
            return self._default(left, right, depth)
        return [self._hole(expr)]

    def _default(self, left: Expr, right: Expr, depth: int) -> list[Parts]:
        """Resolve ``env || "http://localhost:5555"``: the default stands where no file gives the variable a value."""
        decided = None if left.env.is_root else self.values.truth(left)
        if decided is not None:
            return self._resolve(left if decided else right, depth + 1)
        first = self._resolve(left, depth + 1)
        if first and all(isinstance(part, Text) for parts in first for part in parts) and join(first[0]):
            return first
        second = self._resolve(right, depth + 1)
        is_unset = _ENV.fullmatch(left.text) is not None or not any(join(parts) for parts in first)
        return second if is_unset else first + second

    def _is_text(self, expr: Expr) -> bool:
        """True for what is a string for sure, so that ``+`` joins and does not add."""
        expr = expr.at(bare(expr.node))
        node = expr.node
        if node.type in {"string", "template_string"} or _ENV.fullmatch(expr.text):
            return True
        if node.type == "binary_expression":
            return any(self._is_text(expr.at(child(node, side))) for side in ("left", "right"))
        if node.type == "ternary_expression":
            return self._is_text(expr.at(child(node, "consequence")))
        parts = [self._hole(expr)]
        if node.type in {"member_expression", "identifier", "call_expression"}:
            parts = self._resolve(expr, 8)
        return any(isinstance(part, (Text, Unknown)) and not _is_number(part) for part in parts[0])

    def _ternary(self, expr: Expr, depth: int) -> list[Parts]:
        taken = chosen(expr.module, expr.node, self.assumed) if expr.module is self.module else expr.node
        if taken != expr.node:
            return self._resolve(expr.at(taken), depth + 1)
        decided = None if expr.env.is_root else self.values.truth(expr.at(child(expr.node, "condition")))
        names = ["consequence", "alternative"] if decided is None else ["consequence" if decided else "alternative"]
        return [parts for name in names for parts in self._resolve(expr.at(child(expr.node, name)), depth + 1)]

    def _call(self, expr: Expr, depth: int) -> list[Parts]:
        function, given = child(expr.node, "function"), arguments(expr.node)
        if expr.module.text(function) == "encodeURIComponent" and len(given) == 1:
            inner = self._resolve(expr.at(given[0]), depth + 1)
            if all(len(parts) == 1 and isinstance(parts[0], Hole) for parts in inner):
                return [(replace(parts[0], is_encoded=True),) for parts in inner if isinstance(parts[0], Hole)]
        found = composed(expr, function, given, lambda node: self._resolve(expr.at(node), depth + 1))
        return found if found is not None else [self._hole(expr)]

    def _new(self, expr: Expr, depth: int) -> list[Parts]:
        """Resolve ``new URL("/coaches", BASE)`` and ``new URLSearchParams({ q })``."""
        given = arguments(expr.node)
        name = expr.module.text(child(expr.node, "constructor"))
        found: list[Parts] | None = None
        if name == "URL" and given:
            found = absolute(*(self._resolve(expr.at(one), depth + 1) for one in given[:2]))
        elif name == "URLSearchParams" and len(given) == 1:
            parts = query_parts(expr.module, given[0]) if expr.env.is_root else None
            known = None if expr.env.is_root else self.values.members(expr.at(given[0]))
            found = [parts] if parts else query(known, lambda value: self._resolve(value, depth + 1))
        return found if found is not None else [self._hole(expr)]

    # ---- names ------------------------------------------------------------------------------

    def _identifier(self, expr: Expr, depth: int) -> list[Parts]:
        name, module = expr.text, expr.module
        binding = self.values.binding(expr)
        if binding is None or not binding.is_constant:
            return [(Text(self.defines[name]),)] if name in self.defines else [self._hole(expr)]
        if binding in expr.env.values:
            return self._resolve(expr.env.values[binding], depth + 1)
        if binding.kind == "import":
            return self._imported(expr, binding, depth)
        if binding.value is None or changes(module, binding) or _is_added_to(binding):
            reduced = self.values.reduce(expr) if binding.value is None else expr
            return self._resolve(reduced, depth + 1) if reduced != expr else [self._hole(expr)]
        inner = self._resolve(expr.at(binding.value), depth + 1)
        if not expr.env.is_root:
            return inner
        if all(len(parts) == 1 and isinstance(parts[0], Hole) for parts in map(join, inner)):
            return [self._hole(expr)]
        if self._is_stable(module, binding.value):
            return inner
        return [self._hole(expr)] if module is self.module else [(Unknown(name),)]

    def _imported(self, expr: Expr, binding: Binding, depth: int) -> list[Parts]:
        if binding.name in self.defines:
            return [(Text(self.defines[binding.name]),)]
        found = self.modules.imported(expr.module, binding)
        if found is None or found[1].type.endswith("declaration"):
            return [(Unknown(binding.name),)]
        inner = [join(parts) for parts in self._resolve(Expr(*found, expr.env), depth + 1)]
        if all(isinstance(part, (Text, Unknown)) for parts in inner for part in parts):
            return inner
        return [(Unknown(binding.name),)]

    def _member(self, expr: Expr, depth: int) -> list[Parts]:
        found = _ENV.fullmatch(expr.text)
        if found:
            name = found[1]
            return [(Text(self.defines[name]) if name in self.defines else Unknown(name),)]
        if _ORIGIN.fullmatch(expr.text):
            return [()]
        if expr.module.text(child(expr.node, "property")) == "href":
            return self._resolve(expr.at(child(expr.node, "object")), depth + 1)
        value = member_value(self.modules, expr)
        if value is None:
            reduced = self.values.reduce(expr)
            return self._resolve(reduced, depth + 1) if reduced != expr else [self._hole(expr)]
        inner = self._resolve(value, depth + 1)
        flat: list[Part] = [part for parts in inner for part in parts]
        return inner if all(isinstance(part, (Text, Unknown)) for part in flat) else [self._hole(expr)]

    def _is_stable(self, module: Module, value: Node) -> bool:
        """True when the names in a constant's value mean the same at the call, and nothing changes them."""
        names = [one for one in walk(value) if one.type == "identifier"]
        scopes = self.modules.scopes(module)
        if module is not self.module:
            return all(_is_called(name) for name in names)
        for name in names:
            if _is_called(name):
                if module.text(name) not in _QUIET:
                    return False
                continue
            binding = scopes.binding(name)
            if binding is None or not binding.is_constant:
                return False
            if scopes.visible(self.site, binding.name) is not binding:
                return False
        return True


def _is_number(part: Part) -> bool:
    return isinstance(part, Text) and part.value.replace(".", "").isdigit()


def _is_called(name: Node) -> bool:
    parent = name.parent
    if parent is None or parent.type not in {"call_expression", "new_expression"}:
        return False
    return name in (parent.child_by_field_name("function"), parent.child_by_field_name("constructor"))


def _is_added_to(binding: Binding) -> bool:
    """True for a ``new URL`` or the like to which something may be added."""
    is_made = binding.value is not None and bare(binding.value).type == "new_expression"
    return is_made and not all(map(_only_shows, binding.references))


def _only_shows(reference: Node) -> bool:
    """True where a ``URL`` or ``URLSearchParams`` is put into a text or asked for, and nothing is added to it."""
    outer = reference.parent
    if outer is not None and outer.type == "member_expression":
        return child(outer, "property").text in {b"toString", b"href"}
    return outer is not None and outer.type in {"template_substitution", "binary_expression", "arguments"}


def query_parts(module: Module, node: Node) -> Parts | None:
    """Return the query string of an object literal; a spread in it becomes the key ``...``."""
    if node.type != "object":
        return None
    parts: list[Part] = []
    for one in items(node):
        value = child(one, "value") if one.type == "pair" else one
        key = key_of(module, child(one, "key")) if one.type == "pair" else module.text(one)
        if one.type == "spread_element":
            key, value = SPREAD, items(one)[0]
        elif one.type not in {"pair", "shorthand_property_identifier"} or not key:
            return None
        is_text = value.type == "string"
        shown = Text(quote_plus(string_value(module, value))) if is_text else Hole(module.text(value))
        parts += [Text(f"&{key if key == SPREAD else quote_plus(key)}="), shown]
    return cut(join(parts), 1)
