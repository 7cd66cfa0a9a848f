"""Reads SQL text as far as live collections need it: which tables a statement names, and whether it may write.

Names are compared in lower case, without a schema, and by their first word: two tables that share that make a reader
ask once too often, never too rarely.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from typing import TypeVar

_T = TypeVar("_T")
_LONG = 10_000

_LITERAL = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
_WORD = re.compile(r"[^\W\d][\w$]*")
_NAMED = re.compile(
    r"\b(?:from|join|into|update|table|using|only|exists|insert|replace|delete|truncate|merge|copy|or\s+\w+\s+into)\s+((?:[\w$.\"`\[\]]+(?:\s+(?:as\s+)?\w+)?\s*,?\s*)+)",
    re.IGNORECASE,
)
_WRITES = re.compile(
    r"\b(?:insert|update|delete|replace|merge|truncate|drop|alter|create|call|exec|execute|do|copy)\b", re.I
)
_READS_ONLY = frozenset(
    [
        "select",
        "pragma",
        "show",
        "explain",
        "set",
        "begin",
        "commit",
        "rollback",
        "savepoint",
        "release",
        "values",
        "use",
    ]
    + ["start", "analyze", "vacuum", "describe", "lock", "unlock"]
)


def _short_ones_cached(read: Callable[[str], _T]) -> Callable[[str], _T]:
    """Keep what was read of a statement, unless that is so long that keeping many would take much memory."""
    cached = lru_cache(maxsize=4096)(read)

    @wraps(read)
    def reading(statement: str) -> _T:
        return cached(statement) if len(statement) <= _LONG else read(statement)

    return reading


@_short_ones_cached
def words(statement: str) -> frozenset[str]:
    """Return every word of a statement in lower case; those in quotes too, since dialects end quotes differently."""
    return frozenset(word.lower() for word in _WORD.findall(statement))


def one_word(name: str) -> str:
    """Return what a table is called here: ``"order items"`` is ``order``; ``*``, any table, where no word is in it."""
    found = _WORD.search(name)
    return found[0].lower() if found is not None else "*"


@_short_ones_cached
def named_tables(statement: str) -> frozenset[str]:
    """Return the names that stand where SQL has a table: after FROM, JOIN, INTO, UPDATE, TABLE and USING."""
    found = _NAMED.findall(_LITERAL.sub(" ", statement))
    return frozenset(word.lower() for part in found for word in _WORD.findall(part))


@_short_ones_cached
def may_write(statement: str) -> bool:
    """True unless a statement only reads, or only says where a transaction begins and ends."""
    text = _LITERAL.sub(" ", statement)
    first = _WORD.search(text)
    if first is None:
        return False
    if first[0].lower() in _READS_ONLY:
        # SELECT ... FOR UPDATE and a function called replace() are no writes; a wrong guess costs one look.
        return first[0].lower() in {"select", "explain"} and re.search(r"\binto\b", text, re.IGNORECASE) is not None
    return _WRITES.search(text) is not None


_NO_PLAIN_LIST = re.compile(
    r"\b(?:where|limit|offset|fetch|top|group|having|union|intersect|except|distinct|over|with)\b"
    r"|(?<!left outer )(?<!left )\bjoin\b|\bfrom\s+[^\s,]+(?:\s+as)?(?:\s+[^\s,]+)?\s*,",
    re.IGNORECASE,
)
_NAME = r"(?:[\w\"`\[\]]+\s*\.\s*)*[\"`\[]?{}[\"`\]]?"


def lists_all(statements: Iterable[str], table: str, column: str) -> bool:
    """True where SQL reads every row of a table, in the order of a column or in none, and otherwise single rows."""
    name = _NAME.format(re.escape(column))
    ordered = re.compile(rf"\border\s+by\s+(?!{name}(?:\s+asc)?\s*$)", re.IGNORECASE)
    single = re.compile(rf"\bwhere\s+{name}\s*=\s*(?:\?|:\w+|%s|%\(\w+\)s|\$\d+(?:::\w+)?)\s*$", re.IGNORECASE)
    lists = [one for one in statements if table in words(one) and not single.search(one)]
    return bool(lists) and not any(_NO_PLAIN_LIST.search(one) or ordered.search(one) for one in lists)
