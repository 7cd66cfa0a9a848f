"""Says how a file is written, for what is put into it: quotes, semicolons, line endings, indentation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from operator import sub

from msgspec import Struct
from tree_sitter import Node

from codemods.javascript.parser import Module

_STATEMENTS = ("expression_statement", "import_statement", "return_statement")
_SAMPLED = frozenset({*_STATEMENTS, "lexical_declaration", "variable_declaration"})
_TELLING, _RARE = 3, 10
"""How many quotes and statements may tell how a file is written; one in so many may be in another way."""
_INDENT = re.compile(rb"\n( +)[^ \r\n*]")


class Style(Struct, frozen=True, dict=True):
    """How a file is written: its quotes, semicolons and line endings; ``code`` is its script alone."""

    quote: str
    semicolon: str
    newline: str
    code: bytes

    @cached_property
    def unit(self) -> str:
        """One level of indentation, worked out where code goes a level deeper."""
        data = b"\n" + self.code  # a search for the start of a line is several times as fast by the break before it
        if data.count(b"\n\t") > data.count(b"\n  "):
            return "\t"
        widths = [len(found) for found in _INDENT.findall(data)]
        steps = Counter(map(sub, widths, [0, *widths]))
        return "    " if steps[4] > steps[2] else "  "


class _Counts(Struct, frozen=True):
    """How many strings and statements there are, and how many of them are in single quotes or end with a semicolon."""

    strings: int
    single: int
    statements: int
    ended: int

    @property
    def are_telling(self) -> bool:
        """True where there are some of each, nearly all of them alike."""
        other = min(self.single, self.strings - self.single)
        is_enough = min(self.strings, self.statements) >= _TELLING
        return is_enough and other * _RARE <= self.strings and self.ended in {0, self.statements}


def style_of(module: Module) -> Style:
    """Return the style that most of a file has; where some parts of it are all alike, the others are not looked at."""
    counts = _sample(module)
    if not counts.are_telling:
        counts = _whole(module)
    newline = "\r\n" if module.data.count(b"\r\n") * 2 > module.data.count(b"\n") else "\n"
    return Style(
        "'" if counts.single * 2 > counts.strings else '"',
        ";" if counts.ended * 2 >= counts.statements else "",
        newline,
        b"".join(module.data[one.start : one.end] for one in module.scripts),
    )


def _sample(module: Module) -> _Counts:
    """Count quotes, and look at the statements of the file and around a call: to search a whole tree takes long."""
    data = module.data
    single, double = data.count(b"'"), data.count(b'"') - 2 * data.count(b'="')  # those of attributes tell nothing
    statements = [one for one in (*module.statements, *_around(module, data.find(b"fetch("))) if one.type in _SAMPLED]
    return _Counts(max(single + double, single), single, len(statements), _ended(data, statements))


def _around(module: Module, byte: int) -> list[Node]:
    """Return the statements of the block around a byte."""
    inner = module.root.named_descendant_for_byte_range(byte, byte + 1) if byte >= 0 else None
    while inner is not None and inner.type != "statement_block":
        inner = inner.parent
    return inner.named_children if inner is not None else []


def _whole(module: Module) -> _Counts:
    found = module.by_type("string", "jsx_attribute.string", *_STATEMENTS)
    strings, attributes = found.get("string", []), found.get("jsx_attribute.string", [])
    statements = [node for one in _STATEMENTS for node in found.get(one, ())]
    return _Counts(
        len(strings) - len(attributes),
        _single(module, strings) - _single(module, attributes),
        len(statements),
        _ended(module.data, statements),
    )


def _ended(data: bytes, statements: Iterable[Node]) -> int:
    """Return how many statements end with a semicolon."""
    return sum(data[one.end_byte - 1] == 0x3B for one in statements)


def _single(module: Module, strings: Iterable[Node]) -> int:
    """Return how many of some strings are in single quotes."""
    return sum(module.data[one.start_byte] == 0x27 for one in strings)
