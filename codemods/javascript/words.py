"""Finds words in a text: letters that are no part of a longer word."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_SHORT = 2


def places(data: bytes, word: bytes) -> list[int]:
    """Return where a word stands by itself; a dollar sign beside it is for the caller to look at."""
    if len(word) <= _SHORT:  # most of its letters are parts of longer words
        return [found.start() for found in _short(word).finditer(data)]
    found: list[int] = []
    size, last = len(word), len(data)
    at = data.find(word)
    while at >= 0:
        end = at + size
        if not ((at and data[at - 1] in _WORD_BYTES) or (end < last and data[end] in _WORD_BYTES)):
            found.append(at)
        at = data.find(word, end)
    return found


def has_any(words: tuple[bytes, ...], data: bytes) -> bool:
    """True where one of some words is in a text, by itself or not: a plain loop, as ``any`` takes twice as long."""
    for word in words:  # noqa: SIM110
        if word in data:
            return True
    return False


@lru_cache(1000)
def _short(word: bytes) -> re.Pattern[bytes]:
    """Return the search for a word: first the letters, without which it would take ten times as long."""
    letters = re.escape(word)
    return re.compile(rb"%b(?<!\w%b)(?!\w)" % (letters, letters))
