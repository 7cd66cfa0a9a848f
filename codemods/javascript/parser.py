"""Parses JavaScript and TypeScript with tree-sitter, and walks what comes out.

The file ending chooses the grammar; the others are tried where it finds errors (stack fact 32).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from typing import TypeVar

import tree_sitter_javascript
import tree_sitter_typescript
from msgspec import Struct, field
from tree_sitter import Language, Node, Parser, Point, Query, QueryCursor, Tree

from codemods.javascript import vue
from codemods.javascript.words import places
from codemods.results import Edit, apply

FUNCTIONS = frozenset(
    {
        "arrow_function",
        "function_expression",
        "function_declaration",
        "generator_function",
        "generator_function_declaration",
        "method_definition",
    }
)
_ORDER = {
    ".ts": ("typescript", "tsx", "javascript"),
    ".tsx": ("tsx", "typescript", "javascript"),
}
_LONE_AMPERSAND = re.compile(rb"(?<!&)&(?!&)")
_DEFAULT_ORDER = ("javascript", "tsx", "typescript")
_Made = TypeVar("_Made")
_TRANSPARENT = frozenset({"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"})


class Module(Struct, frozen=True, eq=False, dict=True):
    """One parsed file; ``path`` is what reports call it, with forward slashes.

    ``data`` is the whole file; of a Vue file ``root`` has the script ``blocks`` only, at their places in it.
    ``tree`` is what it can be parsed anew from after edits, if it can; ``memo`` holds what was worked out from it once,
    by name, and goes with it.
    """

    path: str
    data: bytes
    root: Node
    grammar: str = "javascript"
    blocks: tuple[vue.Block, ...] = ()
    tree: Tree | None = None
    memo: dict[str, object] = field(default_factory=dict)

    @cached_property
    def is_broken(self) -> bool:
        """True when no grammar reads the whole file."""
        return self.root.has_error

    @cached_property
    def is_vue(self) -> bool:
        """True for a Vue file, which is one component."""
        return self.path.endswith(vue.ENDING)

    @property
    def is_typed(self) -> bool:
        """True for TypeScript."""
        return _ending(self.path, self.blocks) in _ORDER

    @cached_property
    def scripts(self) -> tuple[vue.Block, ...]:
        """The parts of the file that are script: its blocks, or all of it."""
        return self.blocks if self.is_vue else (vue.Block("script", 0, len(self.data)),)

    @cached_property
    def statements(self) -> list[Node]:
        """The statements of the file itself, and comments between them."""
        return self.root.named_children

    def once(self, what: str, node: Node, make: Callable[[], _Made]) -> _Made:
        """Return what was made of a node before, else make it."""
        known = self.memo.setdefault(what, {})
        assert isinstance(known, dict)
        if node.id not in known:
            known[node.id] = make()
        made: _Made = known[node.id]
        return made

    def nodes(self, *types: str) -> list[Node]:
        """Return all nodes of some types, in source order; several times as fast as a walk."""
        query = _query(self.grammar, types)
        found = QueryCursor(query).captures(self.root) if query is not None else {}
        return sorted(found.get("node", ()), key=_place)

    def by_type(self, *types: str) -> dict[str, list[Node]]:
        """Return all nodes of some types, by type; ``jsx_attribute.string`` are the strings that are right in one."""
        query = _query(self.grammar, types, by_type=True)
        return QueryCursor(query).captures(self.root) if query is not None else {}

    def words(self, word: str) -> Iterator[Node]:
        """Yield the nodes that are just this word, in source order: names, keys, pieces of text."""
        letters = word.encode()
        size = len(letters)
        for at in places(self.data, letters):
            node = self.root.named_descendant_for_byte_range(at, at + size)
            if node is not None and node.start_byte == at and node.end_byte == at + size:
                yield node

    def text(self, node: Node) -> str:
        """Return the source of a node."""
        return self.data[node.start_byte : node.end_byte].decode()

    def column(self, byte: int) -> int:
        """Return the column of a byte in characters, counted from 1."""
        return len(self.data[self.line_start(byte) : byte].decode(errors="replace")) + 1

    def line(self, byte: int) -> int:
        """Return the line of a byte, counted from 1."""
        return self.data.count(b"\n", 0, byte) + 1

    def point(self, byte: int) -> Point:
        """Return row and column of a byte as tree-sitter counts them: from 0, in bytes."""
        return Point(self.line(byte) - 1, byte - self.line_start(byte))

    def line_start(self, byte: int) -> int:
        """Return where the line of a byte starts."""
        return self.data.rfind(b"\n", 0, byte) + 1

    def indent(self, byte: int) -> bytes:
        """Return the white space at the start of the line of a byte."""
        start = self.line_start(byte)
        end = start
        while end < len(self.data) and self.data[end] in b" \t":
            end += 1
        return self.data[start:end]


@cache
def _parser(grammar: str) -> Parser:
    pointer = {
        "javascript": tree_sitter_javascript.language,
        "typescript": tree_sitter_typescript.language_typescript,
        "tsx": tree_sitter_typescript.language_tsx,
    }[grammar]()
    return Parser(Language(pointer))


def _place(node: Node) -> tuple[int, int]:
    """Return what sorts nodes as they stand in the source, the outer one before the inner."""
    return node.start_byte, -node.end_byte


@cache
def _query(grammar: str, types: tuple[str, ...], *, by_type: bool = False) -> Query | None:
    """Return the query for those of the types that a grammar has: for one list of nodes, or for one of each type."""
    language = _parser(grammar).language
    assert language is not None
    known = [one for one in types if all(language.id_for_node_kind(kind, True) is not None for kind in one.split("."))]
    if by_type:
        text = " ".join(f"({one.replace('.', ' (')}) @{one}{')' * one.count('.')}" for one in known)
    else:
        text = f"[{' '.join(f'({one})' for one in known)}] @node"
    return Query(language, text) if known else None


def parse(data: bytes, path: str) -> Module:
    """Parse a file with the grammar that reads most of it. Raises UnicodeDecodeError if it is not UTF-8."""
    data.decode()
    blocks = vue.scripts(data) if path.endswith(vue.ENDING) else ()
    script = vue.blanked(data, blocks) if path.endswith(vue.ENDING) else data
    best: Module | None = None
    for grammar, source in _attempts(script, _ending(path, blocks)):
        tree = _parser(grammar).parse(source)
        module = Module(path, data, tree.root_node, grammar, blocks, tree if source is data else None)
        if not module.is_broken:
            return module
        if best is None or _broken_bytes(module.root) < _broken_bytes(best.root):
            best = module
    assert best is not None
    return best


def parse_again(module: Module, edits: list[Edit]) -> Module:
    """Return a file with edits made, which are sorted and do not overlap; what they leave alone is not parsed again."""
    data = apply(module.data, edits)
    if module.tree is None or module.is_broken:
        return parse(data, module.path)
    data.decode()
    tree = module.tree.copy()
    for edit in reversed(edits):  # from the end, so that the places of the others still hold
        start, end = module.point(edit.start), module.point(edit.end)
        lines = edit.text.split(b"\n")
        new_end = Point(start.row + len(lines) - 1, len(lines[-1]) + (start.column if len(lines) == 1 else 0))
        tree.edit(edit.start, edit.end, edit.start + len(edit.text), start, end, new_end)
    tree = _parser(module.grammar).parse(data, tree)
    known = Module(module.path, data, tree.root_node, module.grammar, (), tree)
    return parse(data, module.path) if known.is_broken else known


def _ending(path: str, blocks: tuple[vue.Block, ...]) -> str:
    """Return the file ending that chooses the grammar."""
    return max((one.ending for one in blocks), default=posixpath.splitext(path)[1])


def _attempts(data: bytes, ending: str) -> Iterator[tuple[str, bytes]]:
    """Yield grammars and what to parse with each: the file as it is, then the file without lone ``&``.

    The grammars take a bare ``&`` in JSX for an entity (stack fact 32). ``|`` stands wherever ``&`` may stand in code
    and is plain text in JSX, so a file reads the same with it, and no offset moves.
    """
    grammars = _ORDER.get(ending, _DEFAULT_ORDER)
    yield from ((grammar, data) for grammar in grammars)
    hidden = _LONE_AMPERSAND.sub(b"|", data)
    if hidden != data:
        yield from ((grammar, hidden) for grammar in grammars)


def _broken_bytes(root: Node) -> int:
    return sum(node.end_byte - node.start_byte + 1 for node in errors(root))


def errors(root: Node) -> Iterator[Node]:
    """Yield the nodes that stand for what cannot be read, and for what is missing, in source order."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.has_error:
            if node.is_error or node.is_missing:
                yield node
            stack.extend(reversed(node.children))


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, in source order."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(current.children))


def ancestors(node: Node) -> Iterator[Node]:
    """Yield the nodes around a node, from the inside out."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def around(node: Node) -> Node:
    """Return the parent of a node that has one."""
    parent = node.parent
    assert parent is not None
    return parent


def child(node: Node, field: str) -> Node:
    """Return the child in a field that the grammar always fills."""
    found = node.child_by_field_name(field)
    assert found is not None, f"{node.type} has no {field}"
    return found


def items(node: Node) -> list[Node]:
    """Return the named children that are not comments: arguments, properties, statements."""
    return [one for one in node.named_children if one.type != "comment"]


def arguments(call: Node) -> list[Node]:
    """Return the arguments of a call; none for a tagged template."""
    found = call.child_by_field_name("arguments")
    return items(found) if found is not None and found.type == "arguments" else []


def function_of(node: Node) -> Node | None:
    """Return the innermost function around a node, or None at module level."""
    return next((one for one in ancestors(node) if one.type in FUNCTIONS), None)


def is_within(inner: Node, outer: Node) -> bool:
    """True when a node lies in another, or is it."""
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte


def bare(node: Node) -> Node:
    """Return the expression within parentheses, ``as const``, ``satisfies X`` and ``!``."""
    while node.type in _TRANSPARENT:
        node = items(node)[0]
    return node


def is_string(node: Node) -> bool:
    """True for a string literal."""
    return node.type == "string"


def is_async(function: Node) -> bool:
    """True for ``async () => {}`` and ``async function () {}``."""
    return any(one.type == "async" for one in function.children)


def comments(node: Node) -> list[Node]:
    """Return all comments in a node."""
    text = node.text or b""
    if b"//" not in text and b"/*" not in text and b"<!--" not in text and b"-->" not in text:
        return []
    return [one for one in walk(node) if one.type in {"comment", "html_comment"}]
