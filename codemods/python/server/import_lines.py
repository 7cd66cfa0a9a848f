"""Adds an import to a file by lines: what ``imports.py`` does with LibCST, where the imports are plain ones."""

from __future__ import annotations

import ast
from collections.abc import Callable

from codemods.python.import_order import kind_of, order_of, place_among, place_of
from codemods.python.server.file_lines import FileLines

_LONGEST = 88
_Import = ast.Import | ast.ImportFrom


class ImportLines:
    """The imports of a file's own level above statement number ``before``."""

    def __init__(self, lines: FileLines, is_own: Callable[[str], bool], before: int) -> None:
        self.lines = lines
        self.is_own = is_own
        self.found = [(n, one) for n, one in enumerate(lines.body[:before]) if isinstance(one, _Import)]
        self.kinds = {n: kind_of(_source(one), is_own) for n, one in self.found}

    def add(self, source: str, name: str) -> bool:
        """Import a name; False where that takes more than a new line, or one more name on a line."""
        for _, node in self.found:
            if isinstance(node, ast.ImportFrom) and _source(node) == source and node.names[0].name != "*":
                return self._joined(node, name)
        return self._added(source, f"from {source} import {name}{self.lines.newline}")

    # ---- a name more --------------------------------------------------------------------------

    def _joined(self, node: ast.ImportFrom, name: str) -> bool:
        if any(one.name == name and one.asname is None for one in node.names):
            return True
        line = self.lines.lines[node.lineno - 1]
        code = line[node.col_offset : node.end_col_offset]
        is_long = len(code) + len(f", {name}") > _LONGEST
        if not self._is_alone(node) or not line.isascii() or "(" in code or is_long:
            return False
        given = [one.name for one in node.names]
        at = place_of(name, given)
        where = node.names[at].col_offset if at < len(given) else node.end_col_offset or 0
        text = f"{name}, " if at < len(given) else f", {name}"
        self.lines.replace_line(node.lineno - 1, line[:where] + text + line[where:])
        return True

    def _is_alone(self, node: ast.stmt) -> bool:
        """True for a statement that has one line, and that for itself."""
        lines = {number for one in self.lines.body if one is not node for number in (one.lineno, one.end_lineno)}
        return node.lineno == node.end_lineno and node.lineno not in lines

    # ---- a line more --------------------------------------------------------------------------

    def _added(self, source: str, text: str) -> bool:
        kind = kind_of(source, self.is_own)
        same = [(n, order_of(_source(one), isinstance(one, ast.ImportFrom))) for n, one in self.found]
        same = [one for one in same if self.kinds[one[0]] == kind]
        lower = [n for n, _ in self.found if self.kinds[n] < kind]
        if not same and not lower:
            return False  # at the top: LibCST knows what belongs to the file, and what to its first statement
        index = place_among(same, source) if same else lower[-1] + 1
        if same and index == same[0][0]:
            return self._put(self.lines.below_blanks(index), index - 1, text)
        blank = self.lines.newline if not same and self._is_apart() else ""
        return self._put(self.lines.last(index - 1), index - 1, blank + text)

    def _put(self, at: int, above: int, text: str) -> bool:
        """Put a line in, unless the statement above goes on with another on its line."""
        if above >= 0 and above + 1 < len(self.lines.body) and self.lines.first(above + 1) <= self.lines.last(above):
            return False
        if at and not self.lines.lines[at - 1].endswith(("\n", "\r")):
            return False
        self.lines.insert_above(at, text)
        return True

    def _is_apart(self) -> bool:
        """True where blank lines stand between imports of different kinds, or there is but one kind."""
        pairs = zip(self.found, self.found[1:], strict=False)
        borders = [n for (above, _), (n, _) in pairs if self.kinds[above] != self.kinds[n] and n == above + 1]
        return all(self.lines.blanks_above(n) for n in borders)


def _source(node: _Import) -> str:
    return "." * node.level + (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
