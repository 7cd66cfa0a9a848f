"""Finds the object literal that options or headers stand for: a constant, a spread, a function that returns one."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from tree_sitter import Node

from codemods.javascript.literals import key_of, string_value
from codemods.javascript.modules import Modules
from codemods.javascript.mutation import is_changed
from codemods.javascript.parser import FUNCTIONS, Module, arguments, around, bare, child, function_of, items, walk
from codemods.javascript.scope import Binding

_PURE_CALLS = frozenset({"JSON.stringify", "encodeURIComponent", "String"})
_READING = frozenset({"fetch", "window.fetch", "globalThis.fetch", "JSON.stringify", "console.log"})
_MOST = 4


class Entry(Struct, frozen=True):
    """One ``key: value`` of an object; ``code`` gives the value where the object is used.

    ``value`` is the expression in ``module``; ``is_certain`` is false where only some of the returned objects have it.
    """

    name: str
    key: str
    code: str
    value: Node
    module: Module
    is_certain: bool = True


class Objects(Struct, frozen=True):
    """Looks at the objects of one file as they are at ``site``, the call that uses them."""

    modules: Modules
    module: Module
    site: Node

    def literal(self, node: Node) -> Node | None:
        """Return the literal that an expression is, or a constant of this file whose values mean the same here."""
        node = bare(node)
        if node.type == "object":
            return node
        binding = self._constant(node)
        if binding is None or binding.value is None or bare(binding.value).type != "object":
            return None
        value = bare(binding.value)
        return value if self.is_same_here(value) else None

    def entries(self, node: Node) -> list[Entry] | None:
        """Return what an object holds, spreads included; None where that is not known."""
        node = bare(node)
        if node.type == "object":
            return self._literal_entries(node)
        literal = self.literal(node)
        if literal is not None and self._is_used_once(node):
            return self._literal_entries(literal)
        if node.type in {"identifier", "shorthand_property_identifier"} and self._constant(node) is None:
            return self._built(node)
        found = list(self._returned(node))
        if not found or len(found) > _MOST:
            return None
        return _merged([_referred(module, one, self.module.text(node)) for module, one in found])

    def _literal_entries(self, literal: Node) -> list[Entry] | None:
        found: list[Entry] = []
        for one in items(literal):
            if one.type == "pair":
                key, value = child(one, "key"), child(one, "value")
                name, text = key_of(self.module, key), self.module.text
                added: list[Entry] | None = [Entry(name, text(key), text(value), value, self.module)]
            elif one.type == "shorthand_property_identifier":
                word = self.module.text(one)
                added = [Entry(word, word, word, one, self.module)]
            elif one.type == "spread_element":
                added = self._spread(items(one)[0])
            else:
                added = None
            if added is None:
                return None
            names = {entry.name.lower() for entry in added}
            found = [entry for entry in found if entry.name.lower() not in names] + added
        return found

    def _spread(self, given: Node) -> list[Entry] | None:
        """Return what ``...given`` adds; of ``...(token && { ... })`` each entry is the spread as a whole."""
        inner = bare(given)
        branches = list(_branches(inner))
        if branches == [inner]:
            return self.entries(given)
        empty = {"null", "undefined", "false"}
        found = [self._literal_entries(one) for one in branches if one.type not in empty]
        if any(one.type not in empty | {"object"} for one in branches) or None in found:
            return None
        code = f"...{self.module.text(given)}"
        inner_entries = [one for entries in found for one in entries or ()]
        return [Entry(one.name, code, code, one.value, self.module, is_certain=False) for one in inner_entries]

    def _built(self, node: Node) -> list[Entry] | None:
        """Return what a constant object of this file holds to which ``headers.Name = value`` adds more."""
        binding = self.modules.scopes(self.module).binding(node)
        literal = bare(binding.value) if binding is not None and binding.value is not None else node
        if binding is None or not binding.is_constant or literal.type != "object":
            return None
        code = self.module.text(node)
        found = _referred(self.module, literal, code)
        for reference in binding.references:
            if not self._may_change(reference):
                continue
            entry = _assigned(self.module, reference, code)
            if entry is None or found is None or any(one.name.lower() == entry.name.lower() for one in found):
                return None
            found.append(entry)
        return found

    def _returned(self, node: Node) -> Iterator[tuple[Module, Node]]:
        """Yield the literals that a name or a call without arguments can give; nothing where one is no literal."""
        is_call = node.type == "call_expression" and not arguments(node)
        name = child(node, "function") if is_call else node
        found = self._value(name)
        if found is None:
            return
        module, value = found
        values = list(_returns(value)) if is_call else [bare(value)]
        if all(one.type == "object" for one in values):
            yield from ((module, one) for one in values)

    def _value(self, name: Node) -> tuple[Module, Node] | None:
        binding = self._constant(name)
        if binding is None:
            return None
        if binding.kind == "import":
            return self.modules.imported(self.module, binding)
        if binding.kind == "function":
            return self.module, binding.declaration
        return (self.module, binding.value) if binding.value is not None else None

    def _constant(self, name: Node) -> Binding | None:
        if name.type not in {"identifier", "shorthand_property_identifier"}:
            return None
        binding = self.modules.scopes(self.module).binding(name)
        if binding is None or not binding.is_constant or any(self._may_change(one) for one in binding.references):
            return None
        return binding

    def _may_change(self, reference: Node) -> bool:
        """True where an object is changed, or handed to something that may change it."""
        outer = around(reference)
        if outer.type == "arguments":
            return self.module.text(around(outer).children[0]) not in _READING
        return is_changed(self.module, reference)

    def _is_used_once(self, node: Node) -> bool:
        binding = self.modules.scopes(self.module).binding(node)
        return binding is not None and len(binding.references) == 1

    def is_same_here(self, value: Node) -> bool:
        """True when every name in an expression means the same at the call, and nothing changes what it holds."""
        scopes = self.modules.scopes(self.module)
        for node in walk(value):
            if node.type in {"call_expression", "new_expression"} and not self._is_pure(node):
                return False
            if node.type in FUNCTIONS | {"await_expression", "spread_element"}:
                return False
            if node.type not in {"identifier", "shorthand_property_identifier"} or _is_called(node):
                continue
            binding = scopes.binding(node)
            if binding is None or scopes.visible(self.site, binding.name) is not binding:
                return node.text == b"undefined"
            if not binding.is_constant or any(is_changed(self.module, one) for one in binding.references):
                return False
        return True

    def _is_pure(self, call: Node) -> bool:
        function = call.child_by_field_name("function")
        return function is not None and self.module.text(function) in _PURE_CALLS


def _is_called(name: Node) -> bool:
    outer = around(name)
    if outer.type == "member_expression" and around(outer).type == "call_expression":
        outer, name = around(outer), outer
    return outer.type == "call_expression" and outer.child_by_field_name("function") == name


def _returns(function: Node) -> Iterator[Node]:
    """Yield everything that a function without parameters returns, as expressions."""
    parameters = function.child_by_field_name("parameters")
    is_plain = function.type in FUNCTIONS and parameters is not None and not items(parameters)
    if not is_plain or any(one.type == "async" for one in function.children):
        yield function
        return
    body = child(function, "body")
    if body.type != "statement_block":
        yield bare(body)
        return
    for node in walk(body):
        if node.type == "return_statement" and function_of(node) == function:
            yield bare(items(node)[0]) if items(node) else node


def _referred(module: Module, literal: Node, code: str) -> list[Entry] | None:
    """Return the entries of an object elsewhere, each read through the expression that gives the object."""
    found = []
    for one in items(literal):
        if one.type == "pair":
            name, key, value = key_of(module, child(one, "key")), module.text(child(one, "key")), child(one, "value")
        elif one.type == "shorthand_property_identifier":
            name, key, value = module.text(one), module.text(one), one
        else:
            return None
        access = f"{code}.{key}" if key.isidentifier() else f"{code}[{key}]"
        if not name:
            return None
        found.append(Entry(name, key, access, value, module))
    return found


def _branches(node: Node) -> Iterator[Node]:
    """Yield what a ternary, or ``a && b``, can give."""
    if node.type == "ternary_expression":
        yield from (bare(child(node, "consequence")), bare(child(node, "alternative")))
    elif node.type == "binary_expression" and node.children[1].type == "&&":
        yield bare(child(node, "right"))
    else:
        yield node


def _assigned(module: Module, reference: Node, code: str) -> Entry | None:
    """Return the entry that ``headers.Name = value`` and ``headers["Name"] = value`` add."""
    member = around(reference)
    outer = around(member)
    if outer.type != "assignment_expression" or child(outer, "left") != member:
        return None
    if member.type == "member_expression":
        name = module.text(child(member, "property"))
    else:
        index = child(member, "index")
        name = string_value(module, index) if index.type == "string" else ""
    return (
        Entry(
            name,
            module.text(member).removeprefix(f"{code}.").removeprefix(f"{code}[").removesuffix("]"),
            module.text(member),
            child(outer, "right"),
            module,
            is_certain=False,
        )
        if name
        else None
    )


def _merged(objects: list[list[Entry] | None]) -> list[Entry] | None:
    """Return the entries of all objects; those that only some have are not certain."""
    known = [one for one in objects if one is not None]
    if len(known) < len(objects):
        return None
    merged: dict[str, Entry] = {}
    for entry in (one for entries in known for one in entries):
        count = sum(any(one.name == entry.name for one in entries) for entries in known)
        merged.setdefault(
            entry.name,
            Entry(entry.name, entry.key, entry.code, entry.value, entry.module, is_certain=count == len(known)),
        )
    return list(merged.values())
