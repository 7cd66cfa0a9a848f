"""Resolves an expression to the URLs that it can be: literals, templates, concatenations, constants."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import product
from urllib.parse import quote_plus

from tree_sitter import Node

from codemods.javascript.choices import Assumed, chosen
from codemods.javascript.modules import Modules
from codemods.javascript.parser import Module, arguments, bare, child, is_within, items, walk
from codemods.javascript.scope import Binding
from codemods.urls import SPREAD, Hole, Part, Parts, Text, Unknown, cut, join

_MOST = 8
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\n": ""}
_ENV = re.compile(r"(?:import\.meta|process)\.env\.(\w+)")


@dataclass(eq=False)
class Constants:
    """Resolves expressions of one file; ``defines`` gives values to environment variables and names.

    ``site`` is the call: what a local constant was made of must still mean the same there. ``assumed`` are
    conditions that are taken for known.
    """

    modules: Modules
    module: Module
    site: Node
    defines: dict[str, str] = field(default_factory=dict)
    assumed: Assumed = field(default_factory=dict)

    def urls(self, node: Node) -> list[Parts]:
        """Return every URL that an expression can be."""
        return list(dict.fromkeys(join(parts) for parts in self._resolve(self.module, node, 0)))

    def _resolve(self, module: Module, node: Node, depth: int) -> list[Parts]:
        node = bare(node)
        handler = {
            "string": self._string,
            "number": self._string,
            "template_string": self._template,
            "binary_expression": self._binary,
            "ternary_expression": self._ternary,
            "identifier": self._identifier,
            "member_expression": self._member,
            "call_expression": self._call,
            "new_expression": self._new,
        }.get(node.type)
        if handler is None or depth > 16:
            return [self._hole(module, node)]
        return handler(module, node, depth)[:_MOST]

    def _hole(self, module: Module, node: Node) -> Parts:
        code = module.text(node)
        code = f"({code})" if node.type == "sequence_expression" else code
        return (Hole(code, is_plain=node.type in {"identifier", "member_expression"}),)

    def _string(self, module: Module, node: Node, depth: int) -> list[Parts]:
        return [(Text(string_value(module, node)),)]

    def _template(self, module: Module, node: Node, depth: int) -> list[Parts]:
        pieces: list[list[Parts]] = []
        for one in node.children:
            if one.type == "template_substitution":
                pieces.append(self._resolve(module, items(one)[0], depth + 1))
            elif one.type in {"string_fragment", "escape_sequence"}:
                pieces.append([(Text(_unescape(module.text(one))),)])
        return [sum(choice, ()) for choice in product(*pieces)]

    def _binary(self, module: Module, node: Node, depth: int) -> list[Parts]:
        left, right = child(node, "left"), child(node, "right")
        operator = module.text(child(node, "operator"))
        if operator == "+" and (self._is_text(module, left) or self._is_text(module, right)):
            pairs = product(self._resolve(module, left, depth + 1), self._resolve(module, right, depth + 1))
            return [a + b for a, b in pairs]
        if operator in {"||", "??"}:
            first = self._resolve(module, left, depth + 1)
            known = [parts for parts in first if all(isinstance(part, Text) for part in parts)]
            return first if known == first and first else first + self._resolve(module, right, depth + 1)
        return [self._hole(module, node)]

    def _is_text(self, module: Module, node: Node) -> bool:
        """True for what is a string for sure, so that ``+`` joins and does not add."""
        node = bare(node)
        if node.type in {"string", "template_string"} or _ENV.fullmatch(module.text(node)):
            return True
        if node.type == "binary_expression":
            return any(self._is_text(module, child(node, side)) for side in ("left", "right"))
        if node.type == "ternary_expression":
            return self._is_text(module, child(node, "consequence"))
        parts = self._identifier(module, node, 8) if node.type == "identifier" else [self._hole(module, node)]
        if node.type == "member_expression":
            parts = self._member(module, node, 8)
        return any(isinstance(part, (Text, Unknown)) and not _is_number(part) for part in parts[0])

    def _ternary(self, module: Module, node: Node, depth: int) -> list[Parts]:
        taken = chosen(module, node, self.assumed) if module is self.module else node
        branches = [taken] if taken != node else [child(node, "consequence"), child(node, "alternative")]
        return [parts for branch in branches for parts in self._resolve(module, branch, depth + 1)]

    def _call(self, module: Module, node: Node, depth: int) -> list[Parts]:
        function, given = child(node, "function"), arguments(node)
        if module.text(function) == "encodeURIComponent" and len(given) == 1:
            inner = self._resolve(module, given[0], depth + 1)
            if all(len(parts) == 1 and isinstance(parts[0], Hole) for parts in inner):
                return [(Hole(module.text(given[0]), is_encoded=True),)]
        if function.type == "member_expression" and function.children[-1].text == b"toString" and not given:
            target = bare(child(function, "object"))
            made = self._made(module, target)
            return self._resolve(module, target, depth + 1) if made is not None else [self._hole(module, node)]
        return [self._hole(module, node)]

    def _new(self, module: Module, node: Node, depth: int) -> list[Parts]:
        """Read ``new URLSearchParams({ page, q })`` as the query string that it gives."""
        given = arguments(node)
        is_search = module.text(child(node, "constructor")) == "URLSearchParams" and len(given) == 1
        parts = query_parts(module, given[0]) if is_search else None
        return [parts] if parts is not None else [self._hole(module, node)]

    def _made(self, module: Module, node: Node) -> Node | None:
        """Return the ``new URLSearchParams(...)`` that an expression is, or a constant that nothing adds to."""
        if node.type == "identifier":
            binding = self.modules.scopes(module).binding(node)
            is_kept = binding is not None and binding.is_constant and all(map(_only_shows, binding.references))
            node = binding.value if is_kept and binding is not None and binding.value is not None else node
        is_search = node.type == "new_expression" and module.text(child(node, "constructor")) == "URLSearchParams"
        return node if is_search else None

    # ---- names ------------------------------------------------------------------------------

    def _identifier(self, module: Module, node: Node, depth: int) -> list[Parts]:
        name = module.text(node)
        binding = self.modules.scopes(module).binding(node)
        if binding is None or not binding.is_constant:
            return [(Text(self.defines[name]),)] if name in self.defines else [self._hole(module, node)]
        if binding.kind == "import":
            return self._imported(module, binding, depth)
        is_changing = binding.value is not None and bare(binding.value).type == "new_expression"
        if binding.value is None or (is_changing and self._made(module, node) is None):
            return [self._hole(module, node)]
        inner = self._resolve(module, binding.value, depth + 1)
        if all(len(parts) == 1 and isinstance(parts[0], Hole) for parts in map(join, inner)):
            return [self._hole(module, node)]
        if self._is_stable(module, binding.value):
            return inner
        return [self._hole(module, node)] if module is self.module else [(Unknown(name),)]

    def _imported(self, module: Module, binding: Binding, depth: int) -> list[Parts]:
        if binding.name in self.defines:
            return [(Text(self.defines[binding.name]),)]
        found = self.modules.imported(module, binding)
        if found is None or found[1].type.endswith("declaration"):
            return [(Unknown(binding.name),)]
        inner = [join(parts) for parts in self._resolve(*found, depth + 1)]
        if all(isinstance(part, (Text, Unknown)) for parts in inner for part in parts):
            return inner
        return [(Unknown(binding.name),)]

    def _member(self, module: Module, node: Node, depth: int) -> list[Parts]:
        found = _ENV.fullmatch(module.text(node))
        if found:
            name = found[1]
            return [(Text(self.defines[name]) if name in self.defines else Unknown(name),)]
        value = self._property(module, node)
        if value is None:
            return [self._hole(module, node)]
        inner = self._resolve(*value, depth + 1)
        flat: list[Part] = [part for parts in inner for part in parts]
        return inner if all(isinstance(part, (Text, Unknown)) for part in flat) else [self._hole(module, node)]

    def _property(self, module: Module, node: Node) -> tuple[Module, Node] | None:
        """Return the value of ``API.coaches`` where API is an object literal that nothing changes."""
        target = child(node, "object")
        if target.type != "identifier":
            return None
        binding = self.modules.scopes(module).binding(target)
        if binding is None or not binding.is_constant or any(_changes(one) for one in binding.references):
            return None
        if binding.kind == "import":
            found = self.modules.imported(module, binding)
        else:
            found = (module, binding.value) if binding.value is not None else None
        if found is None:
            return None
        name = module.text(child(node, "property"))
        return next(((found[0], value) for key, value in properties(*found) if key == name), None)

    def _is_stable(self, module: Module, value: Node) -> bool:
        """True when the names in a constant's value mean the same at the call, and nothing changes them."""
        names = [one for one in walk(value) if one.type == "identifier"]
        scopes = self.modules.scopes(module)
        if module is not self.module:
            return not names
        for name in names:
            if _is_called(name):
                if module.text(name) not in {"encodeURIComponent", "URLSearchParams"}:
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
    return name in {parent.child_by_field_name("function"), parent.child_by_field_name("constructor")}


def _only_shows(reference: Node) -> bool:
    """True where ``URLSearchParams`` are put into a text, and nothing else is done with them."""
    outer = reference.parent
    if outer is not None and outer.type == "member_expression":
        return child(outer, "property").text == b"toString"
    return outer is not None and outer.type in {"template_substitution", "binary_expression"}


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


def _changes(reference: Node) -> bool:
    """True for ``name.x = ...`` and for a name that is handed on."""
    member = reference.parent
    if member is None or member.type != "member_expression":
        return member is not None and member.type in {"arguments", "spread_element", "subscript_expression"}
    outer = member.parent
    return (
        outer is not None
        and outer.type in {"assignment_expression", "augmented_assignment_expression", "unary_expression"}
        and is_within(member, outer.children[0] if outer.type != "unary_expression" else outer)
        and (outer.type != "unary_expression" or outer.children[0].type == "delete")
    )


def properties(module: Module, node: Node) -> list[tuple[str, Node]]:
    """Return the ``key: value`` pairs of an object literal; other members are passed over."""
    found = []
    node = bare(node)
    for one in items(node) if node.type == "object" else ():
        if one.type == "pair":
            found.append((key_of(module, child(one, "key")), child(one, "value")))
        elif one.type == "shorthand_property_identifier":
            found.append((module.text(one), one))
    return found


def key_of(module: Module, key: Node) -> str:
    """Return the name of a property; "" where it is computed."""
    if key.type == "computed_property_name":
        return ""
    return string_value(module, key)


def string_value(module: Module, node: Node) -> str:
    """Return the characters that a string literal stands for, or the text of anything else."""
    text = module.text(node)
    return _unescape(text[1:-1]) if node.type == "string" else text


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    return re.sub(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", _unescape_one, text, flags=re.DOTALL)


def _unescape_one(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] in "ux" and len(code) > 1:
        return chr(int(code[1:], 16))
    return _ESCAPES.get(code, code)
