"""Finds every call of a function in a front end: through names, exports, objects, classes and hooks that return it.

A path says how to get from a value to the function: ("get",) for an object whose ``get`` it is, NEW for an
instance of a class, RETURNED for what a function gives back.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field
from tree_sitter import Node

from codemods import reasons
from codemods.javascript.importers import importing
from codemods.javascript.literals import key_of
from codemods.javascript.modules import Modules, source_of, unquote
from codemods.javascript.parser import FUNCTIONS, Module, ancestors, arguments, around, child, function_of, items, walk
from codemods.javascript.scope import Binding
from codemods.javascript.values import pattern_key
from codemods.results import Left

NEW, RETURNED, COMMON = "new", "()", "module.exports"
Path = tuple[str, ...]
_SAME = frozenset({"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"})
_QUIET = frozenset({"expression_statement", "type_query", "import_specifier", "import_clause"})

_CLASSES = frozenset({"class_declaration", "class", "abstract_class_declaration"})
_FIELDS = frozenset({"field_definition", "public_field_definition"})


class Tracker(Struct, eq=False):
    """Follows one function; ``calls`` are those found, each once."""

    modules: Modules
    calls: list[tuple[Module, Node]] = field(default_factory=list)
    _seen: set[tuple[str, int, Path]] = field(default_factory=set)

    def function(self, module: Module, function: Node, path: Path = ()) -> None:
        """Follow a function, or what it returns. Raises Left where it is used in a way that cannot be followed."""
        outer = around(function)
        if function.type == "method_definition":
            self._owned(module, function, key_of(module, child(function, "name")), path)
        elif function.type.endswith("declaration"):
            self._declared(module, function, path)
        elif outer.type in _FIELDS:
            name = outer.child_by_field_name("property") or child(outer, "name")
            self._owned(module, outer, key_of(module, name), path)
        else:
            self._expression(module, function, path)

    def _declared(self, module: Module, declaration: Node, path: Path) -> None:
        name = declaration.child_by_field_name("name")
        binding = self.modules.scopes(module).binding(name) if name is not None else None
        if binding is not None:
            self._name(module, binding, path)
        elif around(declaration).type == "export_statement":
            self._exported(module, "default", path)

    # ---- classes and objects with methods -----------------------------------------------------

    def _owned(self, module: Module, member: Node, name: str, path: Path) -> None:
        """Follow a method or field: through ``this``, and through the instances or the object it belongs to."""
        body = around(member)
        is_static = any(one.type == "static" for one in member.children)
        for this in _own(body, "this", is_static=is_static):
            self._expression(module, this, (name, *path))
        if body.type == "object":
            self._expression(module, body, (name, *path))
            return
        self._class(module, around(body), (name, *path) if is_static else (NEW, name, *path))

    def _class(self, module: Module, node: Node, path: Path) -> None:
        if node.type == "class" and around(node).type != "export_statement":
            self._expression(module, node, path)
        else:
            self._declared(module, node, path)

    # ---- names --------------------------------------------------------------------------------

    def _name(self, module: Module, binding: Binding, path: Path) -> None:
        key = module.path, binding.node.start_byte, path
        if key in self._seen:
            return
        self._seen.add(key)
        if binding.writes:
            raise self._lost(module, binding.writes[0], f"{binding.name} is assigned to")
        exporting = next((one for one in ancestors(binding.node) if one.type == "export_statement"), None)
        is_exported = exporting is not None and function_of(binding.node) in (None, binding.declaration)
        if exporting is not None and is_exported:
            is_default = any(one.type == "default" for one in exporting.children)
            self._exported(module, "default" if is_default else binding.name, path)
        for reference in binding.references:
            self._expression(module, reference, path)

    def _exported(self, module: Module, name: str, path: Path) -> None:
        key = f"{module.path}:{name}", 0, path
        if key in self._seen:
            return
        self._seen.add(key)
        for other_path in importing(self.modules, module.path):
            other = self.modules.module(other_path) if other_path != module.path else None
            if other is not None:
                self._imported(other, module.path, name, path)

    def _imported(self, module: Module, target: str, name: str, path: Path) -> None:
        for statement in module.statements:
            if statement.type not in {"import_statement", "export_statement"}:
                continue
            if self.modules.resolved(module.path, source_of(module, statement)) != target:
                continue
            if statement.type == "import_statement":
                self._import(module, statement, name, path)
            else:
                self._re_export(module, statement, name, path)
        for word in sorted((*module.words("require"), *module.words("import")), key=lambda one: one.start_byte):
            call = around(word)
            if call.type == "call_expression" and child(call, "function") == word:
                self._required(module, call, target, name, path)

    def _import(self, module: Module, statement: Node, name: str, path: Path) -> None:
        for one in walk(statement):
            local, taken = _import_of(module, one, name, path)
            binding = self.modules.scopes(module).binding(local) if local is not None else None
            if binding is not None and taken is not None:
                self._name(module, binding, taken)

    def _re_export(self, module: Module, statement: Node, name: str, path: Path) -> None:
        specifiers = [one for one in walk(statement) if one.type == "export_specifier"]
        for one in specifiers:
            if module.text(child(one, "name")) == name:
                self._exported(module, module.text(one.child_by_field_name("alias") or child(one, "name")), path)
        space = next((one for one in walk(statement) if one.type == "namespace_export"), None)
        if space is not None:
            self._exported(module, module.text(items(space)[0]), (name, *path))
        elif not specifiers and name != "default":
            self._exported(module, name, path)

    def _required(self, module: Module, call: Node, target: str, name: str, path: Path) -> None:
        function, given = child(call, "function"), arguments(call)
        if function.text not in {b"require", b"import"} or len(given) != 1 or given[0].type != "string":
            return
        if self.modules.resolved(module.path, unquote(module, given[0])) != target:
            return
        if function.text == b"import":
            raise self._lost(module, call, "it is imported on the spot")
        self._expression(module, call, path if name == COMMON else (name, *path))

    # ---- expressions --------------------------------------------------------------------------

    def _expression(self, module: Module, node: Node, path: Path) -> None:
        """Follow an expression that gives the value on into what is done with it."""
        outer = around(node)
        handler = {
            "call_expression": self._called,
            "new_expression": self._made,
            "member_expression": self._member,
            "variable_declarator": self._variable,
            "pair": self._pair,
            "object": self._shorthand,
            "spread_element": self._spread,
            "assignment_expression": self._assigned,
            "export_specifier": self._specifier,
            "arguments": self._argument,
            "return_statement": self._returned,
            "arrow_function": self._returned,
            "class_heritage": self._extended,
            "extends_clause": self._extended,
        }.get(outer.type)
        if outer.type in _SAME:
            self._expression(module, outer, path)
        elif outer.type in _FIELDS:
            self.function_or_field(module, outer, path)
        elif outer.type == "export_statement":
            self._exported(module, "default", path)
        elif handler is not None:
            handler(module, node, outer, path)
        elif outer.type not in _QUIET and not _is_dependency(module, outer):
            raise self._lost(module, node, "it is passed on as a value")

    def function_or_field(self, module: Module, outer: Node, path: Path) -> None:
        """Follow what a class keeps in a field."""
        name = outer.child_by_field_name("property") or child(outer, "name")
        self._owned(module, outer, key_of(module, name), path)

    def _called(self, module: Module, node: Node, outer: Node, path: Path) -> None:
        if not path:
            if outer not in (call for _, call in self.calls):
                self.calls.append((module, outer))
        elif path[0] == RETURNED:
            self._expression(module, outer, path[1:])
        else:
            raise self._lost(module, node, "it is called")

    def _made(self, module: Module, node: Node, outer: Node, path: Path) -> None:
        if path and path[0] == NEW:
            self._expression(module, outer, path[1:])

    def _member(self, module: Module, node: Node, outer: Node, path: Path) -> None:
        name = module.text(child(outer, "property"))
        if not path:
            raise self._lost(module, node, f".{name} of it is used")
        if path[0] == name:
            self._expression(module, outer, path[1:])

    def _variable(self, module: Module, node: Node, outer: Node, path: Path) -> None:
        pattern = child(outer, "name")
        if pattern.type == "identifier":
            self._bound(module, pattern, path)
            return
        if pattern.type != "object_pattern" or not path or any(one.type == "rest_pattern" for one in items(pattern)):
            raise self._lost(module, node, "it is taken apart")
        for one in items(pattern):
            if pattern_key(module, one) == path[0]:
                self._bound(module, child(one, "value") if one.type == "pair_pattern" else one, path[1:])

    def _bound(self, module: Module, name: Node, path: Path) -> None:
        binding = self.modules.scopes(module).binding(name)
        if binding is None:
            raise self._lost(module, name, "it is taken apart")
        self._name(module, binding, path)

    def _pair(self, module: Module, node: Node, outer: Node, path: Path) -> None:
        name = key_of(module, child(outer, "key"))
        for this in _own(around(outer), "this", is_static=False):
            self._expression(module, this, (name, *path))
        self._expression(module, around(outer), (name, *path))

    def _shorthand(self, module: Module, node: Node, outer: Node, path: Path) -> None:
        self._expression(module, outer, (module.text(node), *path))

    def _spread(self, module: Module, node: Node, outer: Node, path: Path) -> None:
        if around(outer).type != "object":
            raise self._lost(module, node, "it is passed on as a value")
        self._expression(module, around(outer), path)

    def _assigned(self, module: Module, node: Node, outer: Node, path: Path) -> None:
        left = module.text(child(outer, "left"))
        if left in {COMMON, f"exports = {COMMON}"}:
            self._exported(module, COMMON, path)
        elif left.startswith((f"{COMMON}.", "exports.")):
            self._exported(module, COMMON, (left.rpartition(".")[2], *path))
        else:
            raise self._lost(module, node, f"it is assigned to {left}")

    def _specifier(self, module: Module, node: Node, outer: Node, path: Path) -> None:
        if child(outer, "name") == node:
            self._exported(module, module.text(outer.child_by_field_name("alias") or node), path)

    def _argument(self, module: Module, node: Node, outer: Node, path: Path) -> None:
        call = around(outer)
        called = call.child_by_field_name("function")
        name = module.text(called).rpartition(".")[2] if called is not None else ""
        if name not in {"useCallback", "freeze"} or items(outer)[0] != node:
            raise self._lost(module, node, f"it is passed on to {name or 'a call'}")
        self._expression(module, call, path)

    def _returned(self, module: Module, node: Node, outer: Node, path: Path) -> None:
        if outer.type == "arrow_function" and outer.child_by_field_name("body") != node:
            return
        function = outer if outer.type == "arrow_function" else function_of(outer)
        if function is None:
            return
        self.function(module, function, (RETURNED, *path))

    def _extended(self, module: Module, node: Node, outer: Node, path: Path) -> None:
        """Follow a class into one that extends it: through its own ``this`` and ``super``, and its instances."""
        subclass = next(one for one in ancestors(node) if one.type in _CLASSES)
        body = child(subclass, "body")
        is_static = not path or path[0] != NEW
        inner = path if is_static else path[1:]
        names = [one.child_by_field_name("name") or one.child_by_field_name("property") for one in items(body)]
        if inner and any(name is not None and module.text(name) == inner[0] for name in names):
            raise self._lost(module, node, f"{inner[0]} is defined anew in a class that extends it")
        for one in [*_own(body, "this", is_static=is_static), *_own(body, "super", is_static=is_static)]:
            self._expression(module, one, inner)
        self._class(module, subclass, path)

    def _lost(self, module: Module, node: Node, what: str) -> Left:
        place = f"{module.path.removeprefix(f'{self.modules.root}/')}:{module.line(node.start_byte)}"
        return Left(reasons.URL_IS_PARAMETER, f"who calls it cannot be seen: {what} ({place})")


def _import_of(module: Module, node: Node, name: str, path: Path) -> tuple[Node | None, Path | None]:
    """Return the local name that part of an import statement gives, and the path from it to the function."""
    if node.type == "namespace_import":
        return items(node)[0], path if name == COMMON else (name, *path)
    if node.type == "import_specifier":
        outer_name = module.text(child(node, "name"))
        local = node.child_by_field_name("alias") or child(node, "name")
        if name == COMMON:
            return local, path[1:] if path and path[0] == outer_name else None
        return local, path if outer_name == name else None
    if node.type == "identifier" and around(node).type == "import_clause":
        return node, path if name in {"default", COMMON} else None
    return None, None


def _own(body: Node, word: str, *, is_static: bool) -> Iterator[Node]:
    """Yield every ``this`` that means the class's instance, its class where static, or the object literal."""
    for node in walk(body):
        if node.type == word and _owner(node, body) is is_static:
            yield node


def _owner(this: Node, body: Node) -> bool | None:
    """Return whether the member around a ``this`` is static; None where it belongs to something else."""
    for outer in ancestors(this):
        if outer == body:
            return None
        is_member = around(outer) == body
        if is_member:
            is_pair_function = outer.type == "pair" and child(outer, "value").type == "arrow_function"
            return None if is_pair_function else any(one.type == "static" for one in outer.children)
        if outer.type in FUNCTIONS and outer.type != "arrow_function" and around(outer) != body:
            holder = around(outer)
            if not (holder.type == "pair" and around(holder) == body):
                return None
    return None


def _is_dependency(module: Module, array: Node) -> bool:
    """True for the array of dependencies that a hook gets."""
    if array.type != "array" or around(array).type != "arguments":
        return False
    called = around(around(array)).child_by_field_name("function")
    return called is not None and module.text(called).rpartition(".")[2].startswith("use")
