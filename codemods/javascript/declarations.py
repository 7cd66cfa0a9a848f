"""Says of one place where a name stands whether it declares the name there, and what kind of declaration that is."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from tree_sitter import Node

from codemods.javascript.parser import FUNCTIONS, items

CLASSES = frozenset({"class_declaration", "enum_declaration", "abstract_class_declaration"})
_IMPORTS = frozenset({"import_clause", "namespace_import", "import_require_clause"})
_LEAVES = frozenset({"identifier", "shorthand_property_identifier_pattern"})
_LISTS = frozenset({"object_pattern", "array_pattern", "rest_pattern"})
_WITHIN = {
    "required_parameter": "pattern",
    "optional_parameter": "pattern",
    "assignment_pattern": "left",
    "object_assignment_pattern": "left",
    "pair_pattern": "value",
}
"""The patterns that declare names in one of their fields only."""
_WRAPPING = frozenset({"export_statement", "ambient_declaration"})
_DECLARING = frozenset({"lexical_declaration", "variable_declaration"})
_FIELDS = {
    "variable_declarator": ("name", ""),
    "catch_clause": ("parameter", "param"),
    "for_in_statement": ("left", "each"),
    **dict.fromkeys(CLASSES, ("name", "class")),
}


_TELLING = frozenset({*FUNCTIONS, "formal_parameters", *_FIELDS, *_LISTS, *_WITHIN, *_IMPORTS, "import_specifier"})
"""What a declared name stands in; in anything else it is used."""


class Declaration(Struct, frozen=True):
    """What declares a name: the node, its kind (that of ``const``, ``let`` and ``var`` is their word).

    ``is_inside`` is true where the node is a scope of its own and the name is known within it only; ``value`` is the
    initialiser of a plain ``const x = value``.
    """

    node: Node
    kind: str
    is_inside: bool = False
    value: Node | None = None

    @property
    def place(self) -> tuple[int, int]:
        """What sorts declarations as they stand in the source, the outer one before the inner."""
        return self.node.start_byte, -self.node.end_byte


def declaration_of(name: Node, parent: Node | None) -> Declaration | None:
    """Return what declares the name that stands here, or None where it is a use of it; its parent is at hand."""
    if parent is None or parent.type not in _TELLING:
        return None
    pattern: Node = name
    outer: Node | None = parent
    while outer is not None and _is_pattern(outer, pattern):
        pattern, outer = outer, outer.parent
    if outer is None:
        return None
    is_plain = pattern is name
    if not is_plain and name.type not in _LEAVES:
        return None
    if outer.type in FUNCTIONS or outer.type == "formal_parameters":
        return _of_function(outer, pattern, name)
    if outer.type in _FIELDS:
        return _in_field(outer, pattern, name)
    return _of_import(outer, name) if is_plain else None


def _is_pattern(outer: Node, inner: Node) -> bool:
    """True where ``outer`` is a pattern or a parameter that declares the names of ``inner``."""
    if outer.type in _LISTS:
        return True
    field = _WITHIN.get(outer.type)
    return field is not None and outer.child_by_field_name(field) == inner


def _of_function(outer: Node, pattern: Node, name: Node) -> Declaration | None:
    if outer.type == "formal_parameters":
        function = outer.parent
        is_own = function is not None and function.type in FUNCTIONS
        is_own = is_own and function is not None and function.child_by_field_name("parameters") == outer
        is_given = is_own and name.type in _LEAVES
        return Declaration(function, "param", is_inside=True) if is_given and function is not None else None
    if pattern is name and outer.child_by_field_name("name") == name:
        is_method = outer.type == "method_definition"
        is_inside = not outer.type.endswith("declaration")
        return None if is_method else Declaration(outer, "function", is_inside)
    is_given = name.type in _LEAVES and outer.child_by_field_name("parameter") == pattern
    return Declaration(outer, "param", is_inside=True) if is_given else None


def _in_field(outer: Node, pattern: Node, name: Node) -> Declaration | None:
    field, kind = _FIELDS[outer.type]
    if outer.child_by_field_name(field) != pattern:
        return None
    if kind == "class":
        return Declaration(outer, kind)
    if name.type not in _LEAVES:
        return None
    if outer.type == "catch_clause":
        return Declaration(outer, kind, is_inside=True)
    if outer.type == "for_in_statement":
        return Declaration(outer, kind, is_inside=True) if outer.child_by_field_name("kind") is not None else None
    word = outer.parent.children[0].type if outer.parent is not None else "var"
    is_plain = pattern is name and name.type == "identifier"
    return Declaration(outer, word, value=outer.child_by_field_name("value") if is_plain else None)


def _of_import(outer: Node, name: Node) -> Declaration | None:
    if outer.type == "import_specifier":
        local = outer.child_by_field_name("alias") or outer.child_by_field_name("name")
        return Declaration(outer, "import") if local == name else None
    return Declaration(outer, "import") if outer.type in _IMPORTS and name.type == "identifier" else None


def names_declared(statement: Node) -> Iterator[Node]:
    """Yield the names that a statement itself declares; a ``var`` in a block of it is not among them."""
    if statement.type in _WRAPPING:
        for one in statement.named_children:
            yield from names_declared(one)
    elif statement.type == "import_statement":
        yield from _imported(statement)
    elif statement.type in _DECLARING:
        for one in statement.named_children:
            yield from names_of(one.child_by_field_name("name") if one.type == "variable_declarator" else None)
    elif statement.type.endswith("declaration"):
        name = statement.child_by_field_name("name")
        yield from (name,) if name is not None else ()


def _imported(statement: Node) -> Iterator[Node]:
    stack = list(statement.named_children)
    while stack:
        node = stack.pop()
        if node.type == "import_specifier":
            yield from filter(None, (node.child_by_field_name("alias") or node.child_by_field_name("name"),))
        elif node.type == "identifier":
            yield node
        else:
            stack += node.named_children


def names_of(pattern: Node | None) -> Iterator[Node]:
    """Yield the names that a parameter or destructuring pattern declares."""
    if pattern is None:
        return
    if pattern.type in _LEAVES:
        yield pattern
    elif pattern.type in _WITHIN:
        yield from names_of(pattern.child_by_field_name(_WITHIN[pattern.type]))
    elif pattern.type in _LISTS:
        for one in items(pattern):
            yield from names_of(one)
