"""A Python file as lines, between which others are put: where its statements start and end, comments included."""

from __future__ import annotations

import ast
import io
import tokenize
from functools import cached_property

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class FileLines:
    """The lines of a file, by the numbers that they had at first, from 0; ``tree`` is the file."""

    def __init__(self, data: bytes, tree: ast.Module) -> None:
        self.body = tree.body
        self.mark = _BYTE_ORDER_MARK if data.startswith(_BYTE_ORDER_MARK) else b""
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        self.encoding = "utf-8" if self.mark else encoding
        # Bytes are split at the ends of lines that Python knows, and nowhere else.
        self.lines = [one.decode(self.encoding) for one in data[len(self.mark) :].splitlines(keepends=True)]
        self._added: dict[int, str] = {}
        self._head: tuple[int, str] = (0, "")

    @cached_property
    def newline(self) -> str:
        """The file's line end."""
        first = self.lines[0] if self.lines else ""
        return "\r\n" if first.endswith("\r\n") else "\r" if first.endswith("\r") else "\n"

    # ---- looking ------------------------------------------------------------------------------

    def between(self, start: int, end: int) -> str:
        """Return some lines; the last of them ends, even if it is the file's last."""
        text = "".join(self.lines[start:end])
        return text if text.endswith(("\n", "\r")) or not text else text + self.newline

    def first(self, index: int) -> int:
        """Return the number of the line that a statement of the file starts on, counted from 1."""
        return _first(self.body[index])

    def last(self, index: int) -> int:
        """Return the number of the line that a statement of the file ends on, counted from 1."""
        return self.body[index].end_lineno or self.body[index].lineno

    def extent(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[int, int]:
        """Return the lines of a method: with the comments right above it, and those that end its body."""
        start, indent = _first(node) - 1, self.indent(node.lineno)
        while start and self._is_comment(start - 1) and len(self.indent(start)) <= len(indent):
            start -= 1
        return start, self._end(node)

    def end(self, index: int) -> int:
        """Return the line behind a statement of the file, and behind the indented comments that end it."""
        node = self.body[index]
        return self._end(node) if isinstance(node, ast.ClassDef) else self.last(index)

    def _end(self, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        end = node.end_lineno or node.lineno
        first = node.body[0].lineno
        return self._with_comments(end, self.indent(first)) if first > node.lineno else end

    def blanks_above(self, index: int) -> int:
        """Count the blank lines between a statement of the file and the one before, but for comments."""
        count, at = 0, self.first(index) - 2
        while at >= 0 and (not self.lines[at].strip() or self.lines[at].startswith("#")):
            count += not self.lines[at].strip()
            at -= 1
        return count

    def below_blanks(self, index: int) -> int:
        """Return the line below the blank ones right above a statement, or above the comments on it."""
        at = self.last(index - 1) if index else 0
        while not self.lines[at].strip():
            at += 1
        return at

    @cached_property
    def gap(self) -> int:
        """How many blank lines the file puts between definitions: two, or one where it never has two."""
        kinds = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        counts = [self.blanks_above(n) for n, one in enumerate(self.body) if n and isinstance(one, kinds)]
        return 1 if counts and max(counts) == 1 else 2

    def indent(self, number: int) -> str:
        """Return the white space in front of a line, counted from 1."""
        line = self.lines[number - 1]
        return line[: len(line) - len(line.lstrip(" \t\f"))]

    def _is_comment(self, at: int) -> bool:
        return self.lines[at].lstrip().startswith("#")

    def _with_comments(self, end: int, indent: str) -> int:
        """Return the end of lines from ``end`` on that are comments as deep as ``indent``, blank ones between them."""
        at: int = end
        while at < len(self.lines) and (not self.lines[at].strip() or self._is_comment(at)):
            if self._is_comment(at):
                if not self.indent(at + 1).startswith(indent):
                    break
                end = at + 1
            at += 1
        return end

    # ---- changing -----------------------------------------------------------------------------

    def insert(self, at: int, text: str) -> None:
        """Put whole lines in front of a line, or behind the last."""
        self._added[at] = text

    def insert_above(self, at: int, text: str) -> None:
        """Put whole lines in front of what is put there otherwise."""
        self._added[at] = text + self._added.get(at, "")

    def replace_line(self, at: int, text: str) -> None:
        """Put another line in the place of one."""
        self.lines[at] = text

    def replace_head(self, end: int, text: str) -> None:
        """Put a text in the place of the lines in front of one."""
        self._head = end, text

    @property
    def bytes(self) -> bytes:
        """The new file."""
        done, head = self._head
        parts = [head]
        for at, text in sorted(self._added.items()):
            parts.append("".join(self.lines[done:at]))
            is_open = at == len(self.lines) and not self.lines[-1].endswith(("\n", "\r"))
            parts.append(self.newline + text.removesuffix(self.newline) if is_open else text)
            done = at
        parts.append("".join(self.lines[done:]))
        return self.mark + "".join(parts).encode(self.encoding)


def _first(node: ast.stmt) -> int:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return min([node.lineno, *(one.lineno for one in node.decorator_list)])
    return node.lineno
