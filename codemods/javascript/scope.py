"""Says which declaration a name refers to: hoisting, shadowing, imports, parameters, destructuring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from codemods.javascript.parser import FUNCTIONS, Module, ancestors, items

_SCOPES = FUNCTIONS | {
    "program",
    "statement_block",
    "for_statement",
    "for_in_statement",
    "catch_clause",
    "switch_body",
    "class_static_block",
}
_NAMES = frozenset({"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"})
_CLASSES = frozenset({"class_declaration", "enum_declaration", "abstract_class_declaration"})
_IMPORTS = frozenset({"import_clause", "namespace_import", "import_specifier", "import_require_clause"})
_OF_INTEREST = (*sorted(_SCOPES | _NAMES | _CLASSES | _IMPORTS), "variable_declarator")
_HOISTED = FUNCTIONS | {"program", "class_static_block"}


@dataclass(eq=False)
class Binding:
    """One declared name, all places that use it and all that assign to it after its declaration.

    ``value`` is the initialiser of a plain ``const x = value``; ``declaration`` the declaring node; ``changes`` are the
    references through which the value itself is changed, once somebody has looked.
    """

    name: str
    kind: str
    node: Node
    declaration: Node
    value: Node | None = None
    references: list[Node] = field(default_factory=list)
    writes: list[Node] = field(default_factory=list)
    changes: list[Node] | None = None

    @property
    def is_constant(self) -> bool:
        """True when nothing assigns to the name after its declaration."""
        return not self.writes


@dataclass(eq=False)
class Scope:
    """The names that one function, block or file declares."""

    node: Node
    parent: Scope | None
    names: dict[str, Binding] = field(default_factory=dict)

    def lookup(self, name: str) -> Binding | None:
        """Return what a name means here, or None for a global."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return None

    def hoist(self) -> Scope:
        """Return the scope that a ``var`` here belongs to."""
        scope = self
        while scope.node.type not in _HOISTED and scope.parent is not None:
            scope = scope.parent
        return scope


class Scopes:
    """All scopes of one file."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._scopes: dict[int, Scope] = {}
        self._bindings: dict[int, Binding] = {}
        self._uses: list[tuple[Node, Scope]] = []
        self.all_names: set[str] = set()
        self._visit(module.root)
        self._resolve()

    def binding(self, name: Node) -> Binding | None:
        """Return the declaration that an identifier refers to, or None for a global."""
        return self._bindings.get(name.start_byte)

    def visible(self, node: Node, name: str) -> Binding | None:
        """Return what ``name`` would mean if it were written where ``node`` stands."""
        return self.scope(node).lookup(name)

    def scope(self, node: Node) -> Scope:
        """Return the innermost scope around a node."""
        for one in (node, *ancestors(node)):
            if one.id in self._scopes:
                return self._scopes[one.id]
        return self._scopes[self.module.root.id]

    def bindings(self) -> Iterator[Binding]:
        """Yield every declaration of the file."""
        for scope in self._scopes.values():
            yield from scope.names.values()

    # ---- first pass: declarations -------------------------------------------------------------

    def _visit(self, root: Node) -> None:
        """Go through the nodes that declare, use or enclose names, in source order; ``around`` are the open scopes."""
        program = self._scopes[root.id] = Scope(root, None)
        around = [(root.end_byte + 1, program)]
        for node in self.module.nodes(*_OF_INTEREST):
            kind = node.type
            while node.start_byte >= around[-1][0]:
                around.pop()
            outer = inner = around[-1][1]
            if kind in _NAMES:
                self._uses.append((node, inner))
                continue
            if kind in _SCOPES and node != root:
                inner = self._scopes[node.id] = Scope(node, outer)
                around.append((node.end_byte, inner))
            self._declare(node, outer, inner)

    def _declare(self, node: Node, outer: Scope, inner: Scope) -> None:
        kind = node.type
        if kind in FUNCTIONS:
            self._declare_function(node, outer, inner)
        elif kind == "variable_declarator":
            self._declare_variable(node, inner)
        elif kind in _CLASSES:
            self._add(node.child_by_field_name("name"), "class", node, outer)
        elif kind == "catch_clause":
            self._add_pattern(node.child_by_field_name("parameter"), "param", node, inner)
        elif kind == "for_in_statement" and node.child_by_field_name("kind") is not None:
            word = node.child_by_field_name("kind")
            is_var = word is not None and word.type == "var"
            self._add_pattern(node.child_by_field_name("left"), "each", node, inner.hoist() if is_var else inner)
        elif kind in _IMPORTS:
            self._declare_import(node, inner)

    def _declare_function(self, node: Node, outer: Scope, inner: Scope) -> None:
        name = node.child_by_field_name("name")
        if node.type.endswith("declaration"):
            self._add(name, "function", node, outer)
        elif node.type != "method_definition":
            self._add(name, "function", node, inner)
        self._add_pattern(node.child_by_field_name("parameter"), "param", node, inner)
        parameters = node.child_by_field_name("parameters")
        for one in items(parameters) if parameters is not None else ():
            self._add_pattern(one, "param", node, inner)

    def _declare_variable(self, node: Node, scope: Scope) -> None:
        declaration = node.parent
        assert declaration is not None
        kind = declaration.children[0].type if declaration.children else "var"
        target = scope.hoist() if kind == "var" else scope
        name = node.child_by_field_name("name")
        if name is not None and name.type == "identifier":
            self._add(name, kind, node, target, node.child_by_field_name("value"))
        else:
            self._add_pattern(name, kind, node, target)

    def _declare_import(self, node: Node, scope: Scope) -> None:
        if node.type == "import_specifier":
            self._add(node.child_by_field_name("alias") or node.child_by_field_name("name"), "import", node, scope)
            return
        for one in node.named_children:
            if one.type == "identifier":
                self._add(one, "import", node, scope)

    def _add_pattern(self, node: Node | None, kind: str, declaration: Node, scope: Scope) -> None:
        for name in names_of(node):
            self._add(name, kind, declaration, scope)

    def _add(self, name: Node | None, kind: str, declaration: Node, scope: Scope, value: Node | None = None) -> None:
        if name is None:
            return
        text = self.module.text(name)
        known = scope.names.get(text)
        if known is not None:  # a second var, or a function declared twice: no longer a constant
            known.writes.append(name)
            self._bindings[name.start_byte] = known
            return
        scope.names[text] = self._bindings[name.start_byte] = Binding(text, kind, name, declaration, value)

    # ---- second pass: uses --------------------------------------------------------------------

    def _resolve(self) -> None:
        for node, scope in self._uses:
            name = self.module.text(node)
            self.all_names.add(name)
            if node.start_byte in self._bindings or _is_no_use(node):
                continue
            binding = scope.lookup(name)
            if binding is None:
                continue
            self._bindings[node.start_byte] = binding
            binding.references.append(node)
            if _is_write(node):
                binding.writes.append(node)


def scopes_of(module: Module) -> Scopes:
    """Return the scopes of a file, which are kept with it."""
    known = module.memo.get("scopes")
    if known is None:
        known = module.memo["scopes"] = Scopes(module)
    assert isinstance(known, Scopes)
    return known


def names_of(pattern: Node | None) -> Iterator[Node]:
    """Yield the names that a parameter or destructuring pattern declares."""
    if pattern is None:
        return
    if pattern.type in {"identifier", "shorthand_property_identifier_pattern"}:
        yield pattern
    elif pattern.type in {"required_parameter", "optional_parameter"}:
        yield from names_of(pattern.child_by_field_name("pattern"))
    elif pattern.type in {"assignment_pattern", "object_assignment_pattern"}:
        yield from names_of(pattern.child_by_field_name("left"))
    elif pattern.type == "pair_pattern":
        yield from names_of(pattern.child_by_field_name("value"))
    elif pattern.type in {"object_pattern", "array_pattern", "rest_pattern"}:
        for one in items(pattern):
            yield from names_of(one)


def _is_no_use(node: Node) -> bool:
    """True for the outer name in ``import { outer as inner }`` and for lower-case JSX tags."""
    parent = node.parent
    if parent is None:
        return False
    if parent.type == "import_specifier":
        return True
    is_tag = parent.type in {"jsx_opening_element", "jsx_closing_element", "jsx_self_closing_element"}
    return is_tag and bool(node.text) and node.text[:1].islower()  # type: ignore[index]


def _is_write(node: Node) -> bool:
    """True where a name stands on the left of ``=``, ``+=``, ``++`` or in a destructuring assignment."""
    inner = node
    for outer in ancestors(node):
        if outer.type in {"assignment_expression", "augmented_assignment_expression"}:
            return outer.child_by_field_name("left") == inner
        if outer.type == "update_expression":
            return inner == node
        if outer.type == "for_in_statement":
            return outer.child_by_field_name("left") == inner
        is_pattern = outer.type in {
            "object_pattern",
            "array_pattern",
            "pair_pattern",
            "rest_pattern",
            "assignment_pattern",
            "object_assignment_pattern",
        }
        if not is_pattern or (
            outer.type.endswith("assignment_pattern") and outer.child_by_field_name("right") == inner
        ):
            return False
        inner = outer
    return False
