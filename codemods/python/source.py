"""A Python file as the rewrites see it: its bytes, its ``ast`` for looking, its LibCST tree for changing.

LibCST takes fifty times as long as ``ast``, and its import alone 0.3 s, so it is loaded for files that will change.
"""

from __future__ import annotations

import ast
import warnings
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    import libcst as cst
    from libcst.metadata import MetadataWrapper


class UnparsableError(Exception):
    """A file that is no Python of this version; the message says why, in a few words."""


class Source(Struct, eq=False, dict=True):
    """One file; ``name`` is its path as reports show it. Raises UnparsableError where a tree is asked for in vain."""

    name: str
    data: bytes

    @cached_property
    def tree(self) -> ast.Module:
        """The file for looking at; columns are counted in bytes."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SyntaxWarning)
                return ast.parse(self.data)
        except SyntaxError as error:
            where = f" at line {error.lineno}" if error.lineno else ""
            msg = f"syntax error{where}: {error.msg}"
            raise UnparsableError(msg) from error
        except ValueError as error:
            msg = "not Python text"
            raise UnparsableError(msg) from error

    @cached_property
    def wrapper(self) -> MetadataWrapper:
        """The file for changing, with metadata; nothing but ``module.bytes`` gives the same bytes back."""
        import libcst as cst
        from libcst.metadata import MetadataWrapper

        try:
            return MetadataWrapper(cst.parse_module(self.data), unsafe_skip_copy=True)
        except cst.ParserSyntaxError as error:
            msg = f"syntax error at line {error.raw_line}"
            raise UnparsableError(msg) from error

    @property
    def module(self) -> cst.Module:
        """The file for changing."""
        return self.wrapper.module

    @cached_property
    def lines(self) -> list[bytes]:
        """The lines of the file, as ``ast`` counts them, with their ends."""
        return self.data.splitlines(keepends=True)

    def place(self, node: ast.stmt | ast.expr | ast.arg) -> tuple[int, int]:
        """Return line and column of a node as reports count them: from 1, the column in characters."""
        line = self.lines[node.lineno - 1] if node.lineno <= len(self.lines) else b""
        return node.lineno, len(line[: node.col_offset].decode(errors="replace")) + 1

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(map(len, self.lines))]

    def span(self, node: ast.stmt | ast.expr | ast.arg) -> tuple[int, int]:
        """Return where a node starts and ends in the bytes."""
        starts = self._starts
        return (
            starts[node.lineno - 1] + node.col_offset,
            starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0),
        )
