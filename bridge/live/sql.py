"""Reads SQL text as far as live collections need it: which tables a statement names, and whether it may write.

Names are compared in lower case and without a schema: two tables that share a name make a reader ask once too often,
never too rarely.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LITERAL = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
_WORD = re.compile(r"[^\W\d][\w$]*")
_NAMED = re.compile(
    r"\b(?:from|join|into|update|table|using|only|exists|or\s+\w+\s+into)\s+((?:[\w$.\"`\[\]]+(?:\s+(?:as\s+)?\w+)?\s*,?\s*)+)",
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


@lru_cache(maxsize=4096)
def words(statement: str) -> frozenset[str]:
    """Return every name of a statement, in lower case; what stands in quotes for a value is none."""
    return frozenset(word.lower() for word in _WORD.findall(_LITERAL.sub(" ", statement)))


@lru_cache(maxsize=4096)
def named_tables(statement: str) -> frozenset[str]:
    """Return the names that stand where SQL has a table: after FROM, JOIN, INTO, UPDATE, TABLE and USING."""
    found = _NAMED.findall(_LITERAL.sub(" ", statement))
    return frozenset(word.lower() for part in found for word in _WORD.findall(part))


@lru_cache(maxsize=4096)
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
