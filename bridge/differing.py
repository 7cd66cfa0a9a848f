"""Where two JSON values differ, type-strict: ``1``, ``1.0``, ``"1"`` and ``true`` are four values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Path = tuple[str | int, ...]


class _Missing:
    """What stands at a path that only the other value has."""


MISSING = _Missing()


def differences(one: Any, other: Any) -> Iterator[tuple[Path, Any, Any]]:
    """Yield each path at which two values differ, with what stands there; keys in the order of the first value."""
    waiting: list[tuple[Path, Any, Any]] = [((), one, other)]
    while waiting:  # no recursion: a client's JSON may be nested as deep as it likes
        path, first, second = waiting.pop()
        if type(first) is not type(second):
            yield path, first, second
        elif isinstance(first, dict):
            keys = [*first, *(key for key in second if key not in first)]
            waiting += [((*path, key), first.get(key, MISSING), second.get(key, MISSING)) for key in reversed(keys)]
        elif isinstance(first, list):
            end = min(len(first), len(second))
            if len(first) != len(second):
                waiting.append(((*path, end), _item(first, end), _item(second, end)))
            waiting += [((*path, index), first[index], second[index]) for index in range(end - 1, -1, -1)]
        elif first != second:
            yield path, first, second


def _item(rows: list[Any], index: int) -> Any:
    return rows[index] if index < len(rows) else MISSING


def general(path: Path) -> Path:
    """Return a path that stands for all items of a list alike."""
    return tuple(-1 if isinstance(part, int) else part for part in path)


def path_text(path: Path) -> str:
    """Return ``$.data[0].name``; a key that is no plain name is written as JSON has it: ``$.data["a b"]``."""
    parts = [f"[{part}]" if isinstance(part, int) else _key(part) for part in path]
    return "$" + "".join(parts)


def _key(key: str) -> str:
    return f".{key}" if key.replace("-", "_").isidentifier() else f"[{json.dumps(key)}]"


def value_text(value: Any, limit: int) -> str:
    """Return a value as JSON, cut to ``limit`` characters; "" for what is not there."""
    if value is MISSING:
        return ""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else text[: limit - 1] + "…"
