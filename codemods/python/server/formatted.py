"""Finds the expressions in the source of f-strings: before Python 3.12, ``ast`` tells their places wrong."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

_NAMED = re.compile(r"\\N\{[^}]*\}")
"""A character by its name, whose braces hold no expression."""
_OPEN, _CLOSE = "([{", ")]}"


def fields(source: str) -> Iterator[tuple[int, str]]:
    """Yield each expression with where it starts; ``source`` is one f-string, or several strings side by side."""
    lines = f"({source})".splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for token in tokenize.generate_tokens(io.StringIO("".join(lines)).readline):
        if token.type == tokenize.STRING:
            prefix = token.string[: len(token.string) - len(token.string.lstrip("rRbBfFuU"))]
            if "f" in prefix.lower():
                at = starts[token.start[0] - 1] + token.start[1] - 1
                text = token.string if "r" in prefix.lower() else _NAMED.sub(_blanked, token.string)
                yield from _fields(text, len(prefix), len(text), at)


def _blanked(found: re.Match[str]) -> str:
    return "_" * len(found[0])


def _fields(text: str, start: int, end: int, base: int) -> Iterator[tuple[int, str]]:
    at = start
    while at < end:
        if text[at] == "{" and text[at : at + 2] != "{{":
            last = _end(text, at + 1)
            yield base + at + 1, text[at + 1 : last].rstrip().removesuffix("=")
            if text[last] == "!":
                last += 2
            if text[last] == ":":
                close = _closing(text, last)
                yield from _fields(text, last + 1, close, base)
                last = close
            at = last + 1
        else:
            at += 2 if text[at : at + 2] in {"{{", "}}"} else 1


def _end(text: str, at: int) -> int:
    """Return where an expression ends: at ``!r``, a colon or the brace, outside of brackets and quotes."""
    depth = 0
    while at < len(text):
        char = text[at]
        if char in "'\"":
            at = text.index(char, at + 1)
        elif char in _OPEN:
            depth += 1
        elif depth == 0 and (char in ":}" or (char == "!" and text[at + 1] != "=")):
            return at
        elif char in _CLOSE:
            depth -= 1
        at += 1
    return at


def _closing(text: str, at: int) -> int:
    depth = 0
    while depth >= 0:
        at += 1
        depth += (text[at] == "{") - (text[at] == "}")
    return at
