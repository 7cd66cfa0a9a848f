"""Compares a file with its rewritten self, line by line: what the diff, the page and SARIF's fixes are made of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

CONTEXT = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines ``start`` to ``end`` of the old file, counted from 0, and those of the new file in their place."""

    is_equal: bool
    start: int
    end: int
    new_start: int
    new_end: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both files as lines with their line ends, and the hunks in which they differ, with some context."""

    before: list[str]
    after: list[str]
    hunks: list[list[Piece]]

    @property
    def changes(self) -> Iterator[Piece]:
        """All pieces that differ."""
        return (piece for hunk in self.hunks for piece in hunk if not piece.is_equal)


def compare(before: bytes, after: bytes) -> Comparison:
    """Compare two files; bytes that are no UTF-8 are shown as replacement characters."""
    old, new = _lines(before), _lines(after)
    groups = SequenceMatcher(None, old, new).get_grouped_opcodes(CONTEXT) if before != after else ()
    hunks = [[Piece(tag == "equal", *places) for tag, *places in group] for group in groups]
    return Comparison(old, new, hunks)


def _lines(data: bytes) -> list[str]:
    """Split at line feeds only: ``splitlines`` also splits at characters that stand within lines of code."""
    lines = [f"{line}\n" for line in data.decode(errors="replace").split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def emphasis(old: str, new: str) -> tuple[int, int, int] | None:
    """Return (start, end in old, end in new) of where two lines differ, or None where they have little in common."""
    start = len(os.path.commonprefix([old, new]))
    shortest = min(len(old), len(new)) - start
    tail = len(os.path.commonprefix([old[::-1], new[::-1]])[:shortest])
    in_common = len(old[:start].strip()) + tail
    if in_common * 3 < max(len(old.strip()), len(new.strip())):
        return None
    return start, len(old) - tail, len(new) - tail
