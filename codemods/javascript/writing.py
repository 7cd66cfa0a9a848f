"""Collects the edits of one call site in the style of its file, and applies them."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable

from msgspec import Struct, field
from tree_sitter import Node

from codemods import reasons
from codemods.javascript.parser import Module, comments, walk
from codemods.javascript.style import Style
from codemods.results import Edit, Left

_NEWLINE = re.compile("\0(\\d+),(\\d+)\0")


class Draft(Struct, eq=False):
    """The edits of one call site. An edit within the range of another gives way to it."""

    module: Module
    style: Style
    _edits: list[Edit] = field(default_factory=list)
    _shifts: dict[int, int] = field(default_factory=dict)
    _first_lines: dict[int, int] = field(default_factory=dict)

    def replace(self, start: int, end: int, text: str) -> None:
        """Put ``text`` in place of a range."""
        self._edits.append(Edit(start, end, text.encode()))

    def delete(self, start: int, end: int) -> None:
        """Take a range out."""
        self.replace(start, end, "")

    def delete_statement(self, statement: Node) -> None:
        """Take a statement out, with its line where it has that to itself."""
        data = self.module.data
        following = data.find(b"\n", statement.end_byte)
        start = self.module.line_start(statement.start_byte)
        is_alone = not data[start : statement.start_byte].strip()
        is_last = following >= 0 and not data[statement.end_byte : following].strip()
        if is_alone and is_last:
            self.delete(start, following + 1)
        else:
            self.delete(statement.start_byte, statement.end_byte)

    def insert(self, at: int, text: str) -> None:
        """Put ``text`` before a byte."""
        self.replace(at, at, text)

    def swap(self, node: Node, text: str) -> None:
        """Put ``text`` in place of a node."""
        self.replace(node.start_byte, node.end_byte, text)

    def newline(self, at: int, levels: int = 0) -> str:
        """Return a line break after which the text is indented as the line of byte ``at``, and ``levels`` more."""
        return f"\0{at},{levels}\0"

    def shift(self, node: Node, source: bytes, target: bytes) -> None:
        """Move the lines of a node, its first line aside, from one indentation to another."""
        delta = len(target) - len(source)
        frozen = _templates(node) if delta and b"`" in (node.text or b"") else []
        start = self.module.data.find(b"\n", node.start_byte, node.end_byte) + 1
        while start and delta:
            if not any(one.start_byte < start <= one.end_byte for one in frozen):
                self._shifts[start] = self._shifts.get(start, 0) + delta
            start = self.module.data.find(b"\n", start, node.end_byte) + 1

    def shift_to(self, node: Node, target: bytes) -> None:
        """Move a node from the indentation of its first line, which other edits join to another, to a new one."""
        source = self.module.indent(node.start_byte)
        self._first_lines[self.module.line_start(node.start_byte)] = len(target) - len(source)
        self.shift(node, source, target)

    def reindented(self, node: Node, target: int) -> str:
        """Return a node's source, its lines moved as if it started on the line of byte ``target``."""
        text = self.module.text(node)
        if "\n" not in text or any(one.type == "template_string" and b"\n" in (one.text or b"") for one in walk(node)):
            return text
        source = self.module.indent(node.start_byte).decode()
        first, *lines = text.split("\n")
        moved = [line.removeprefix(source) for line in lines]
        return self.newline(target).join([first.rstrip("\r"), *(line.rstrip("\r") for line in moved)])

    # ---- the end --------------------------------------------------------------------------

    def edits(self, anchor: Node, *deleted: Node) -> list[Edit]:
        """Return the finished edits; comments of ``anchor`` and of deleted statements end up before ``anchor``."""
        kept = self._outermost()
        lost = [text for node in (*deleted, anchor) for text in self._lost(node, kept)]
        if lost:
            self._edits.append(Edit(*self._above(anchor, lost)))
            kept = self._outermost()
        edits = [Edit(one.start, one.end, self._resolve(one.text)) for one in kept]
        edits += [edit for edit in self._indentation() if not any(_covers(one, edit) for one in kept)]
        return sorted(edits, key=lambda edit: (edit.start, edit.end))

    def _outermost(self) -> list[Edit]:
        kept: list[Edit] = []
        for edit in sorted(self._edits, key=lambda one: (one.start, -one.end)):
            if not any(_covers(one, edit) for one in kept):
                kept.append(edit)
        ordered = sorted(kept, key=lambda one: (one.start, one.end))
        for before, after in zip(ordered, ordered[1:], strict=False):
            if after.start < before.end:
                msg = "Two parts of this rewrite overlap; please report this call."
                raise Left(reasons.REWRITE_CONFLICT, msg)
        return ordered

    def _resolve(self, text: bytes) -> bytes:
        return _NEWLINE.sub(self._break, text.decode()).encode() if b"\0" in text else text

    def _break(self, found: re.Match[str]) -> str:
        start = self.module.line_start(int(found[1]))
        delta = self._shifts.get(start) or self._first_lines.get(start, 0)
        indent = self._moved(self.module.indent(start), delta).decode()
        levels = int(found[2])
        return f"{self.style.newline}{indent}{self.style.unit * levels if levels else ''}"

    def _moved(self, indent: bytes, delta: int) -> bytes:
        if delta < 0:
            return indent[: max(len(indent) + delta, 0)]
        return indent + (indent[:1] or self.style.unit[:1].encode()) * delta

    def _indentation(self) -> list[Edit]:
        edits = []
        for start, delta in self._shifts.items():
            indent = self.module.indent(start)
            is_blank = self.module.data[start + len(indent) : start + len(indent) + 1] in {b"\r", b"\n", b""}
            if delta and not is_blank:
                edits.append(Edit(start, start + len(indent), self._moved(indent, delta)))
        return edits

    def _lost(self, anchor: Node, kept: list[Edit]) -> list[str]:
        lost = []
        for node in comments(anchor):
            text = node.text or b""
            inside = [one for one in kept if one.start <= node.start_byte and node.end_byte <= one.end]
            if inside and not any(text in one.text for one in inside):
                lost.append(text.decode())
        return lost

    def _above(self, anchor: Node, lost: list[str]) -> tuple[int, int, bytes]:
        start = anchor.start_byte
        begin = self.module.line_start(start)
        if not self.module.data[begin:start].strip():
            lines = [f"{text.rstrip()}{self.newline(start)}" for text in lost]
            return start, start, "".join(lines).encode()
        inline = [text if text.startswith("/*") else f"/* {text[2:].strip()} */" for text in lost]
        return start, start, "".join(f"{text} " for text in inline).encode()


def _templates(node: Node) -> list[Node]:
    """Return the template strings over several lines, whose lines must not move."""
    return [one for one in walk(node) if one.type == "template_string" and one.start_point[0] != one.end_point[0]]


def _covers(outer: Edit, inner: Edit) -> bool:
    """True when an edit lies within another that takes its bytes away."""
    if outer.start == outer.end:
        return False
    if inner.start == inner.end:
        return outer.start < inner.start < outer.end
    return outer.start <= inner.start and inner.end <= outer.end


class Edits(Struct, eq=False):
    """The edits of several call sites, sorted; none touches another, so only neighbours are looked at."""

    all: list[Edit] = field(default_factory=list)

    def take(self, new: Iterable[Edit]) -> bool:
        """Add the edits of a site, unless one of them touches another site's; what two sites share is made once."""
        places = [(bisect_left(self.all, _place(one), key=_place), one) for one in new]
        fresh = [one for at, one in places if self.all[at : at + 1] != [one]]
        if any(
            _touches(one, other) for at, one in places if one in fresh for other in self.all[max(at - 2, 0) : at + 2]
        ):
            return False
        for one in fresh:
            insort(self.all, one, key=_place)
        return True


def _place(edit: Edit) -> tuple[int, int]:
    return edit.start, edit.end


def _touches(a: Edit, b: Edit) -> bool:
    if a.start == a.end and b.start == b.end:
        return a.start == b.start
    return a.start < b.end and b.start < a.end
