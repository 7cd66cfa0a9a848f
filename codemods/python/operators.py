"""Small facts about values: whether they are known, true, equal; nothing here follows any code."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from codemods.python.values import UNKNOWN, Api, App, Blueprint, External, Instance, Unknown, Value

_CONTAINERS = (list, tuple, dict, set)
COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
    ast.Is: lambda a, b: a is b,
    ast.IsNot: lambda a, b: a is not b,
}


def is_plain(value: Value) -> bool:
    """True for a constant."""
    return value is None or isinstance(value, str | int | float | bytes)


def is_known(value: Value) -> bool:
    """True where the value itself is known; the elements of a list need not be."""
    return not isinstance(value, Unknown | External)


def truth(value: Value) -> bool | None:
    """Return whether a value counts as true, or None where that is not known."""
    if not is_known(value) or isinstance(value, Instance) and not isinstance(value, App | Api | Blueprint):
        return None
    return bool(value) if is_plain(value) or isinstance(value, _CONTAINERS) else True


def joined(first: Value, second: Value) -> Value:
    """Return what a name is after two ways to the same place: a constant only where both give the same."""
    if first is second or first is None:
        return second
    if second is None:
        return first
    if is_plain(first) or is_plain(second):
        return first if is_plain(first) and is_plain(second) and first == second else UNKNOWN
    return second if is_known(second) else first


def elements(value: Value) -> list[Value] | None:
    """Return what a loop over a value gives, or None where that is not known."""
    if isinstance(value, list | tuple):
        return list(value)
    return list(value) if isinstance(value, dict) else None


def is_comparable(value: Value) -> bool:
    return is_plain(value) or (isinstance(value, _CONTAINERS) and all(is_plain(one) for one in value))


def formatted(text: str, value: Value) -> Value:
    given = value if isinstance(value, tuple) else (value,)
    if not all(is_plain(one) for one in given):
        return UNKNOWN
    try:
        return text % value
    except (TypeError, ValueError):
        return UNKNOWN
