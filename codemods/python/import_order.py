"""Where a name goes among those of an import, and an import among others: as they are sorted, else at the end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

_FUTURE, _STANDARD, _OTHERS, _OWN, _RELATIVE = range(5)
Key = tuple[bool, str]


def place_of(name: str, given: Sequence[str]) -> int:
    """Return how many of the names come first."""
    orders: tuple[Callable[[str], tuple[int, str]], ...] = (_by_type, lambda one: (0, one.lower()))
    for key in orders:
        if list(given) == sorted(given, key=key):
            return sum(key(one) <= key(name) for one in given)
    return len(given)


def _by_type(name: str) -> tuple[int, str]:
    """The order that isort and ruff give names: constants, classes, then the rest."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name.lower()


def kind_of(source: str, is_own: Callable[[str], bool]) -> int:
    """Return the rank of a source among the groups that isort and ruff sort imports into."""
    first = source.partition(".")[0]
    if source.startswith("."):
        return _RELATIVE
    if is_own(source):
        return _OWN
    return _FUTURE if first == "__future__" else _STANDARD if first in sys.stdlib_module_names else _OTHERS


def order_of(source: str, is_from: bool) -> Key:
    """Return what imports of one kind are sorted by."""
    return is_from, source.lower()


def place_among(same: Sequence[tuple[int, Key]], source: str) -> int:
    """Return which statement a ``from`` import goes before; ``same`` are those of its kind, by number and key."""
    keys = [key for _, key in same]
    if keys != sorted(keys):
        return same[-1][0] + 1
    after = [index for index, key in same if key <= order_of(source, True)]
    return after[-1] + 1 if after else same[0][0]
