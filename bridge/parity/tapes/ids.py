"""Which values of an answer later calls may need: ids, and placeholders of tokens that it gave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bridge.naming import snake
from bridge.parity.tapes.secret_shapes import PLACEHOLDER
from bridge.parity.tapes.tape import Found

MOST = 1000
_LONG = 64
_WORDS = frozenset({"id", "ids", "uuid", "guid", "pk", "slug"})


def is_id_name(name: str) -> bool:
    """True for ``id``, ``coach_id``, ``coachId``, ``coach_ids``, ``uuid``, ``slug``."""
    return snake(re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)).rpartition("_")[2] in _WORDS


def is_placeholder(value: Any) -> bool:
    """True for what stands for a credential."""
    return isinstance(value, str) and PLACEHOLDER.fullmatch(value) is not None


def found_in(answer: Any) -> tuple[Found, ...]:
    """Return the first thousand ids and placeholders of a scrubbed answer, in its order, with their paths."""
    found: list[Found] = []
    for path, value in leaves(answer):
        if is_needed(path, value):
            found.append((path, value))
            if len(found) == MOST:
                break
    return tuple(found)


def is_needed(path: tuple[str | int, ...], value: Any) -> bool:
    """True for an id, by its name, or a placeholder."""
    if is_placeholder(value):
        return True
    is_scalar = isinstance(value, str | int) and not isinstance(value, bool) and 0 < len(str(value)) <= _LONG
    return is_scalar and is_id_name(name_of(path))


def name_of(path: tuple[str | int, ...]) -> str:
    """Return the key that a path ends with; an item of a list goes by the name of the list."""
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def leaves(value: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield each value that is no object and no list, with its path, in order."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while waiting:
        path, one = waiting.pop()
        if isinstance(one, dict):
            waiting += [((*path, key), item) for key, item in reversed(one.items())]
        elif isinstance(one, list):
            waiting += [((*path, index), item) for index, item in reversed(list(enumerate(one)))]
        else:
            yield path, one
