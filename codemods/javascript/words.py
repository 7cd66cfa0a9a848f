"""Finds words in a text: letters that are no part of a longer word."""

from __future__ import annotations

import re
from functools import lru_cache

from ahocorasick_rs import BytesAhoCorasick, MatchKind

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


class Words:
    """Some pieces of text that are looked for in one pass, which takes a tenth of the time of one search for each."""

    def __init__(self, *words: bytes) -> None:
        # Of the kinds of search the fastest one; all of them say the same of whether there is any.
        self._search = BytesAhoCorasick(words, matchkind=MatchKind.LeftmostFirst)

    def any_in(self, data: bytes) -> bool:
        """True where one of them is in a text, by itself or not."""
        return bool(self._search.find_matches_as_indexes(data))


@lru_cache(1000)
def _short(word: bytes) -> re.Pattern[bytes]:
    """Return the search for a word: first the letters, without which it would take ten times as long."""
    letters = re.escape(word)
    return re.compile(rb"%b(?<!\w%b)(?!\w)" % (letters, letters))
