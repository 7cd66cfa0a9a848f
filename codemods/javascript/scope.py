"""Says which declaration a name refers to: hoisting, shadowing, imports, parameters, destructuring.

Worked out name by name, when one is asked for: a rewrite asks for a few of the hundreds of names of a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from msgspec import Struct, field
from msgspec.structs import replace
from tree_sitter import Node

from codemods.javascript.declarations import Declaration, declaration_of
from codemods.javascript.parser import FUNCTIONS, Module, ancestors

_SCOPES = FUNCTIONS | {
    "statement_block",
    "for_statement",
    "for_in_statement",
    "catch_clause",
    "switch_body",
    "class_static_block",
}
_USED = frozenset({"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"})
_NAMES = _USED | {"type_identifier"}  # the name of a class, in TypeScript
_HOISTED = FUNCTIONS | {"class_static_block"}
_TAGS = frozenset({"jsx_opening_element", "jsx_closing_element", "jsx_self_closing_element"})
_ASSIGNING = frozenset({"assignment_expression", "augmented_assignment_expression", "for_in_statement"})
_PATTERNS = frozenset(
    {
        "object_pattern",
        "array_pattern",
        "pair_pattern",
        "rest_pattern",
        "assignment_pattern",
        "object_assignment_pattern",
    }
)


class Binding(Struct, eq=False):
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


class _Scope(Struct, eq=False):
    """What one function, block or file encloses; ``outer`` is the scope around it, once somebody has asked."""

    node: Node
    start: int
    end: int
    outer: _Scope | None = None


class _Name(Struct, eq=False):
    """What one name means: its declarations by their scopes, and by the bytes at which it stands."""

    declared: dict[_Scope, Binding] = field(default_factory=dict)
    at: dict[int, Binding] = field(default_factory=dict)

    def around(self, byte: int) -> Binding | None:
        """Return what the name means at a byte: what the innermost of the scopes around it that know it declares.

        By where scopes start and end, which is much faster than to look for all that are around a place.
        """
        innermost = None
        for scope in self.declared:
            is_around = scope.start <= byte < scope.end
            if is_around and (innermost is None or scope.start > innermost.start):
                innermost = scope
        return self.declared[innermost] if innermost is not None else None


class Scopes:
    """All names of one file."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._known: dict[str, _Name] = {}
        self._outermost = _Scope(module.root, -1, len(module.data) + 1)
        self._of_node: dict[int, _Scope] = {}

    def binding(self, name: Node) -> Binding | None:
        """Return the declaration that an identifier refers to, or None for a global."""
        start = name.start_byte
        if name.type not in _NAMES:
            leaf = self.module.root.named_descendant_for_byte_range(start, start + 1)
            if leaf is None or leaf.type not in _NAMES or leaf.start_byte != start:
                return None
            name = leaf
        return self._named(self.module.text(name)).at.get(start)

    def visible(self, node: Node, name: str) -> Binding | None:
        """Return what ``name`` would mean if it were written where ``node`` stands."""
        known = self._named(name)
        if not known.declared:
            return None
        found = (known.declared[one] for one in self._outward(self._around(node)) if one in known.declared)
        return next(found, None)

    def declared(self, name: str) -> list[Binding]:
        """Return every declaration of a name."""
        return list(self._named(name).declared.values())

    def is_used(self, name: str) -> bool:
        """True for a name that the file declares or uses."""
        return any(one.type in _USED for one in self.module.words(name))

    # ---- scopes -------------------------------------------------------------------------------

    def _at(self, byte: int) -> _Scope:
        """Return the innermost scope around a byte."""
        leaf = self.module.root.named_descendant_for_byte_range(byte, byte + 1)
        return self._within(leaf) if leaf is not None else self._outermost

    def _within(self, node: Node) -> _Scope:
        """Return the innermost scope around a node, or that it is.

        Climbs no further: a file is asked about a few places, and each step takes long.
        """
        current: Node | None = node
        while current is not None and current.type not in _SCOPES:
            current = current.parent
        if current is None:
            return self._outermost
        known = self._of_node.get(current.id)
        if known is None:
            known = self._of_node[current.id] = _Scope(current, current.start_byte, current.end_byte)
        return known

    def _outer(self, scope: _Scope) -> _Scope | None:
        """Return the scope around a scope, None for that of the file."""
        if scope.outer is None and scope is not self._outermost:
            around = scope.node.parent
            scope.outer = self._within(around) if around is not None else self._outermost
        return scope.outer

    def _outward(self, scope: _Scope) -> Iterator[_Scope]:
        """Yield a scope and those around it, that of the file last."""
        current: _Scope | None = scope
        while current is not None:
            yield current
            current = self._outer(current)

    def _hoisted(self, scope: _Scope) -> _Scope:
        """Return the scope that a ``var`` in a scope belongs to."""
        return next((one for one in self._outward(scope) if one.node.type in _HOISTED), self._outermost)

    def _around(self, node: Node) -> _Scope:
        """Return the innermost scope around a node, or that it is."""
        start, end = node.start_byte, node.end_byte
        around = (one for one in self._outward(self._at(start)) if _is_around(one, node, start, end))
        return next(around, self._outermost)

    def _of(self, declaration: Declaration) -> _Scope:
        """Return the scope that a declaration declares its name in."""
        node = declaration.node
        if declaration.kind == "import":
            return self._outermost
        scope = self._within(node)
        if node.type not in _SCOPES:
            return self._hoisted(scope) if declaration.kind == "var" else scope
        if not declaration.is_inside:
            return self._outer(scope) or scope
        word = node.child_by_field_name("kind") if declaration.kind == "each" else None
        return self._hoisted(scope) if word is not None and word.type == "var" else scope

    # ---- names --------------------------------------------------------------------------------

    def _named(self, name: str) -> _Name:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._resolved(name)
        return known

    def _resolved(self, name: str) -> _Name:
        found = _Name()
        declarations: list[tuple[Declaration, Node]] = []
        uses: list[tuple[Node, Node | None]] = []
        for node in self.module.words(name):
            kind = node.type
            if kind in _NAMES:
                parent = node.parent  # asked for once: it is looked for from the root
                declaration = declaration_of(node, parent)
                if declaration is not None:
                    declarations.append((declaration, node))
                elif kind in _USED:
                    uses.append((node, parent))
        for declaration, node in sorted(declarations, key=lambda pair: pair[0].place):
            self._declare(found, name, declaration, node)
        for node, parent in uses if found.declared else ():
            self._use(found, node, parent)
        return found

    def _declare(self, found: _Name, name: str, declaration: Declaration, node: Node) -> None:
        scope = self._of(declaration)
        known = found.declared.get(scope)
        if known is not None:  # a second var, or a function declared twice: no longer a constant
            known.writes.append(node)
        else:
            known = Binding(name, declaration.kind, node, declaration.node, declaration.value)
            found.declared[scope] = known
        found.at[node.start_byte] = known

    def _use(self, found: _Name, node: Node, parent: Node | None) -> None:
        start = node.start_byte
        binding = None if _is_no_use(node, parent) else found.around(start)
        if binding is None:
            return
        found.at[start] = binding
        binding.references.append(node)
        if _is_write(node, parent):
            binding.writes.append(node)


def _is_around(scope: _Scope, node: Node, start: int, end: int) -> bool:
    """True for a scope that is a node or around it, which need not be so where both have one range."""
    if (scope.start, scope.end) == (start, end):
        return scope.node == node or scope.node in ancestors(node)
    return scope.start <= start and end <= scope.end


def scopes_of(module: Module) -> Scopes:
    """Return the scopes of a file, which are kept with it."""
    # Not of the module itself: with its memo it would keep itself, and its tree, in memory.
    known = module.memo.get("scopes")  # asked for thousands of times
    if known is None:
        known = module.memo["scopes"] = Scopes(replace(module, memo={}))
    return cast("Scopes", known)


def _is_no_use(node: Node, parent: Node | None) -> bool:
    """True for the outer name in ``import { outer as inner }`` and for lower-case JSX tags."""
    kind = parent.type if parent is not None else ""
    if kind == "import_specifier":
        return True
    return kind in _TAGS and bool(node.text) and node.text[:1].islower()  # type: ignore[index]


def _is_write(node: Node, parent: Node | None) -> bool:
    """True where a name stands on the left of ``=``, ``+=``, ``++`` or in a destructuring assignment."""
    inner, outer = node, parent
    while outer is not None:
        kind = outer.type
        if kind in _ASSIGNING:
            return outer.child_by_field_name("left") == inner
        if kind == "update_expression":
            return inner == node
        if kind not in _PATTERNS:
            return False
        if kind.endswith("assignment_pattern") and outer.child_by_field_name("right") == inner:
            return False
        inner, outer = outer, outer.parent
    return False
