"""Compares a file with its rewritten self, line by line: what the diff, the page and SARIF's fixes are made of."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from msgspec import Struct

CONTEXT = 3
_CLOSING = re.compile(r"\s*[)}\]][)}\];,]*\s*")
_LONG = 2000
"""Lines from which on ``difflib`` leaves frequent lines out of account, for the sake of time."""


class Piece(Struct, frozen=True):
    """Lines ``start`` to ``end`` of the old file, counted from 0, and those of the new file in their place."""

    is_equal: bool
    start: int
    end: int
    new_start: int
    new_end: int


class Comparison(Struct, frozen=True):
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
    return Comparison(old, new, list(_hunks(_pieces(old, new))) if before != after else [])


def _pieces(old: list[str], new: list[str]) -> list[Piece]:
    """Match up two files. What they begin and end with is set aside first: most of a file, and all of it certain."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    inner = old[head : len(old) - tail], new[head : len(new) - tail]
    matcher = SequenceMatcher(None, *inner, autojunk=max(map(len, inner)) > _LONG)
    pieces = [Piece(True, 0, head, 0, head)]
    pieces += [Piece(tag == "equal", *(place + head for place in places)) for tag, *places in matcher.get_opcodes()]
    pieces.append(Piece(True, len(old) - tail, len(old), len(new) - tail, len(new)))
    return _without_islands(pieces, old)


def _without_islands(pieces: list[Piece], old: list[str]) -> list[Piece]:
    """Join changes with nothing but closing brackets between them: what they share there is chance."""
    joined = pieces[:1]
    for index, piece in enumerate(pieces[1:], 1):
        is_inside = 1 < index < len(pieces) - 1
        is_island = is_inside and piece.is_equal and all(map(_CLOSING.fullmatch, old[piece.start : piece.end]))
        last = joined[-1]
        if is_island or not (piece.is_equal or last.is_equal):
            joined[-1] = Piece(False, last.start, piece.end, last.new_start, piece.new_end)
        else:
            joined.append(piece)
    return joined


def _shared(old: list[str], new: list[str]) -> int:
    """Return with how many equal lines two files begin."""
    return next(
        (index for index, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new))
    )


def _hunks(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Yield changes with the lines around them; those that are near each other together."""
    hunk: list[Piece] = []
    for index, piece in enumerate(pieces):
        size = piece.end - piece.start
        if not piece.is_equal:
            hunk.append(piece)
            continue
        is_last = index == len(pieces) - 1
        if hunk and not is_last and size <= 2 * CONTEXT:
            hunk.append(piece)
            continue
        if hunk:
            yield [*hunk, *_start(piece)]
        hunk = _end(piece)


def near(found: Comparison, start: int, end: int) -> Iterator[list[Piece]]:
    """Yield the changes that touch old lines ``start`` to ``end``, counted from 0, each hunk cut down to those."""
    for hunk in found.hunks:
        touched = [index for index, piece in enumerate(hunk) if not piece.is_equal and _touches(piece, start, end)]
        if touched:
            first, last = touched[0], touched[-1]
            above = [one for piece in hunk[max(first - 1, 0) : first] for one in _end(piece)]
            below = [one for piece in hunk[last + 1 : last + 2] for one in _start(piece)]
            yield [*above, *hunk[first : last + 1], *below]


def _touches(piece: Piece, start: int, end: int) -> bool:
    return piece.start < end and start < max(piece.end, piece.start + 1)


def _start(piece: Piece) -> list[Piece]:
    return _part(piece, 0, min(piece.end - piece.start, CONTEXT))


def _end(piece: Piece) -> list[Piece]:
    size = piece.end - piece.start
    return _part(piece, max(size - CONTEXT, 0), size)


def _part(piece: Piece, start: int, end: int) -> list[Piece]:
    """Return some lines of an equal piece, or nothing where there are none."""
    if start == end:
        return []
    return [Piece(True, piece.start + start, piece.start + end, piece.new_start + start, piece.new_start + end)]


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
