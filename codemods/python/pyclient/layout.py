"""How a new call is written: on one line where it fits or was so, else an argument a line, comments kept."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Sequence

from codemods.python.pyclient.asking import Argument
from codemods.python.source import Source

_FEW, _MANY = 88, 120


class Layout:
    """The style of one file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        text = source.data.decode("utf-8-sig")
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self.quote = "'" if text.count("'") > text.count('"') else '"'
        self.unit = _unit(text)
        longest = max((len(line) for line in text.splitlines()), default=0)
        self.width = _FEW if longest <= _FEW else _MANY
        self._comments = _comments(text)

    def line_indent(self, row: int) -> str:
        """Return the white space that a line starts with; rows count from 1."""
        line = self.source.lines[row - 1].decode(errors="replace").removeprefix("\ufeff")
        return line[: len(line) - len(line.lstrip(" \t"))]

    def call(
        self, node: ast.Call, start: list[str], arguments: Sequence[Argument], after: int, *, is_flat: bool = False
    ) -> str:
        """Return ``sio.call("event", ...)`` in place of a call; ``start`` is its function and its first argument.

        ``after`` is how much stands behind it on its line; ``is_flat`` wants it on one line, however long.
        """
        row, column, last = node.lineno, node.col_offset, node.end_lineno
        comments = self._inside(node, arguments)
        function, event = start
        texts = [event, *(one.text for one in arguments)]
        flat = f"{function}({', '.join(texts)})"
        fits = not comments and "\n" not in flat and (row == last or column + len(flat) + after <= self.width)
        if is_flat or fits:
            return flat
        if not comments and column + len(flat.splitlines()[0]) <= self.width and _hugs(texts):
            return flat
        indent = self.line_indent(row)
        inner = indent + self.unit
        first = f"  {comments.pop(0)}" if comments and self._is_first(node) else ""
        lines = [*comments, *(f"{self._shifted(one, inner)}," for one in [Argument(texts[0]), *arguments])]
        return self.newline.join([f"{function}({first}", *(inner + line for line in lines), f"{indent})"])

    def _shifted(self, argument: Argument, inner: str) -> str:
        """Move an argument that spans lines, with its lines, to where it stands now."""
        text = argument.text
        if "\n" not in text or argument.node is None or '"""' in text or "'''" in text:
            return text
        old = self.line_indent(argument.node.lineno)
        head, *rest = text.split("\n")
        return "\n".join([head, *(inner + one[len(old) :] if one.startswith(old) else one for one in rest)])

    def _inside(self, node: ast.Call, arguments: Sequence[Argument]) -> list[str]:
        """Return the comments in a call that no kept argument holds."""
        kept = [(one.node.lineno, one.node.end_lineno or 0) for one in arguments if one.node is not None]
        rows = range(node.lineno, node.end_lineno or 0)
        texts = {row: text for row, text in self._comments.items() if row in rows}
        return [text for row, text in texts.items() if not any(start <= row < end for start, end in kept)]

    def _is_first(self, node: ast.Call) -> bool:
        return node.lineno in self._comments


def _hugs(texts: Sequence[str]) -> bool:
    """True where only the last argument spans lines, and closes where it began: ``call("x", {`` ... ``})``."""
    return all("\n" not in one for one in texts[:-1]) and texts[-1][:1] in "{[(" and texts[-1][-1:] in "}])"


def _unit(text: str) -> str:
    found = re.search(r"^([ \t]+)\S", text, re.M)
    if found is None:
        return "    "
    return "\t" if found[1].startswith("\t") else "    "


def _comments(text: str) -> dict[int, str]:
    """Return the comments of a file by line."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return {}
    return {one.start[0]: one.string for one in tokens if one.type == tokenize.COMMENT}
