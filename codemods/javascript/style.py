"""Says how a file is written, for what is put into it: quotes, semicolons, line endings, indentation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from operator import sub

from tree_sitter import Node

from codemods.javascript.parser import Module

_STATEMENTS = ("expression_statement", "import_statement", "return_statement")
_PART, _TELLING = 400, 4
"""The bytes at the start, and from a call on, that may tell how a file is written; how many strings must."""
_INDENT = re.compile(rb"\n( +)[^ \r\n*]")


@dataclass(frozen=True)
class Style:
    """How a file is written: its quotes, semicolons and line endings; ``code`` is its script alone."""

    quote: str
    semicolon: str
    newline: str
    code: bytes = field(repr=False)

    @cached_property
    def unit(self) -> str:
        """One level of indentation, worked out where code goes a level deeper."""
        data = b"\n" + self.code  # a search for the start of a line is several times as fast by the break before it
        if data.count(b"\n\t") > data.count(b"\n  "):
            return "\t"
        widths = [len(found) for found in _INDENT.findall(data)]
        steps = Counter(map(sub, widths, [0, *widths]))
        return "    " if steps[4] > steps[2] else "  "


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many strings and statements there are, and how many of them are in single quotes or end with a semicolon."""

    strings: int = 0
    single: int = 0
    statements: int = 0
    ended: int = 0

    def __add__(self, other: _Counts) -> _Counts:
        return _Counts(
            self.strings + other.strings,
            self.single + other.single,
            self.statements + other.statements,
            self.ended + other.ended,
        )

    @property
    def are_telling(self) -> bool:
        """True where some of each are all alike."""
        is_enough = min(self.strings, self.statements) >= _TELLING
        return is_enough and self.single in {0, self.strings} and self.ended in {0, self.statements}


def style_of(module: Module) -> Style:
    """Return the style that most of a file has; where some parts of it are all alike, the others are not looked at."""
    at = module.data.find(b"fetch", _PART)
    is_long = at > 0 and not module.is_vue
    parts = [(0, _PART), (at, at + _PART)] if is_long else []
    counts = sum((_counts(module, part) for part in parts), _Counts())
    if not counts.are_telling:
        counts = _counts(module)
    newline = "\r\n" if module.data.count(b"\r\n") * 2 > module.data.count(b"\n") else "\n"
    return Style(
        "'" if counts.single * 2 > counts.strings else '"',
        ";" if counts.ended * 2 >= counts.statements else "",
        newline,
        b"".join(module.data[one.start : one.end] for one in module.scripts),
    )


def _counts(module: Module, within: tuple[int, int] | None = None) -> _Counts:
    found = module.by_type("string", "jsx_attribute.string", *_STATEMENTS, within=within)
    strings, attributes = found.get("string", []), found.get("jsx_attribute.string", [])
    ends = [node.end_byte - 1 for one in _STATEMENTS for node in found.get(one, ())]
    return _Counts(
        len(strings) - len(attributes),
        _single(module, strings) - _single(module, attributes),
        len(ends),
        sum(module.data[at] == 0x3B for at in ends),
    )


def _single(module: Module, strings: Iterable[Node]) -> int:
    """Return how many of some strings are in single quotes."""
    return sum(module.data[one.start_byte] == 0x27 for one in strings)
