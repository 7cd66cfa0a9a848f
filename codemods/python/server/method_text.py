"""The text of one method while it becomes a handler's: edited where ``ast`` says, then moved a level to the left."""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections.abc import Iterator

from codemods.python.server.formatted import fields

Located = ast.stmt | ast.expr | ast.arg
_STRING_STARTS = {tokenize.STRING, getattr(tokenize, "FSTRING_START", tokenize.STRING)}
_STRING_ENDS = {tokenize.STRING, getattr(tokenize, "FSTRING_END", tokenize.STRING)}


class MethodText:
    """The lines of a method, the first of which is number ``first`` of its file; places are offsets of characters."""

    def __init__(self, text: str, first: int) -> None:
        self.text = text
        self.first = first
        self.lines = text.splitlines(keepends=True) if "\f" not in text else _lines(text)
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line))
        self._edits: list[tuple[int, int, str]] = []

    # ---- places -------------------------------------------------------------------------------

    def start(self, number: int) -> int:
        """Return where a line of the file starts."""
        return self._starts[number - self.first]

    def offset(self, number: int, column: int) -> int:
        """Return the place that ``ast`` calls by a line and a column, which it counts in bytes."""
        line = self.lines[number - self.first]
        return self.start(number) + (column if line.isascii() else len(line.encode()[:column].decode()))

    def span(self, node: Located) -> tuple[int, int]:
        """Return where a node starts and ends."""
        end = self.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
        return self.offset(node.lineno, node.col_offset), end

    def of(self, node: Located) -> str:
        """Return the text of a node."""
        start, end = self.span(node)
        return self.text[start:end]

    def expressions(self, node: ast.AST) -> Iterator[tuple[ast.expr, int, int]]:
        """Yield every expression below a node with its place; those in f-strings too, which ``ast`` misplaces."""
        if isinstance(node, ast.JoinedStr) and sys.version_info < (3, 12):
            start, end = self.span(node)
            for at, inner in fields(self.text[start:end]):
                text = MethodText(f"({inner})", 1)
                for one, first, last in text.expressions(ast.parse(text.text, mode="eval")):
                    yield one, start + at + first - 1, start + at + last - 1
            return
        if isinstance(node, ast.expr):
            yield node, *self.span(node)
        for child in ast.iter_child_nodes(node):
            yield from self.expressions(child)

    # ---- changes ------------------------------------------------------------------------------

    def replace(self, start: int, end: int, text: str) -> None:
        """Put a text in the place of another; what lies within a text that is replaced goes with it."""
        self._edits.append((start, end, text))

    def dedented(self, indent: str, docstring: ast.expr | None) -> str:
        """Return the new text, all of it one level to the left but for what belongs to strings.

        A ``docstring`` moves along, if all of its lines can.
        """
        inside = self._string_lines(docstring, indent)
        for at, line in enumerate(self.lines):
            if line.startswith(indent) and at not in inside:
                self._edits.append((self._starts[at], self._starts[at] + len(indent), ""))
        return self._edited()

    def _edited(self) -> str:
        parts, done = [], 0
        for start, end, text in sorted(self._edits, key=lambda one: (one[0], one[0] != one[1], -one[1])):
            if start >= done:
                parts += [self.text[done:start], text]
                done = end
        return "".join([*parts, self.text[done:]])

    def _string_lines(self, docstring: ast.expr | None, indent: str) -> set[int]:
        """Return the lines that start within a string."""
        found: set[int] = set()
        if '"""' not in self.text and "'''" not in self.text and "\\" not in self.text:
            return found
        docstring_line = docstring.lineno - self.first if docstring is not None else -1
        start = 0
        for token in tokenize.generate_tokens(io.StringIO("".join(self.lines)).readline):
            if token.type in _STRING_STARTS:
                start = token.start[0]
            if token.type in _STRING_ENDS and token.end[0] > start:
                lines = range(start, token.end[0])
                if start - 1 != docstring_line or not self._can_move(lines, indent):
                    found |= set(lines)
        return found

    def _can_move(self, lines: range, indent: str) -> bool:
        return all(self.lines[at].startswith(indent) or not self.lines[at].strip() for at in lines)


def _lines(text: str) -> list[str]:
    """Split at the ends of lines that Python knows; ``str.splitlines`` knows more."""
    return [one.decode() for one in text.encode().splitlines(keepends=True)]
