"""Two observations side by side: every path at which they differ, and lines in which equal parts are short.

The comparison that decides what a mismatch is, is made elsewhere; here it is only shown, type-strict like that one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from bridge.parity.observation import PARTS
from bridge.parity.reports.describing import cut, value_text
from bridge.parity.result import Difference, Mismatch, general
from bridge.parity.steps import ABSENT

_NAME = re.compile(r"[A-Za-z_]\w*")
_BRACKETS = re.compile(r"\[[\"']?(.*?)[\"']?\]")
_SHORT = 60
"""Characters up to which a value stands on one line, and at which a value that is equal is cut."""
_MANY = 200_000
"""Pairs of items up to which the items of lists of different lengths are matched."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of both sides; None where a side has none. ``path`` is the value's, "" for closing brackets."""

    depth: int
    control: str | None
    candidate: str | None
    path: str
    is_equal: bool


def differences(one: Mismatch) -> list[Difference]:
    """Return every path at which the observations differ, the mismatch's own first; ABSENT where a side has nothing."""
    found = [
        difference
        for name in PARTS
        for difference in _differences(f"$.{name}", getattr(one.control, name), getattr(one.candidate, name))
    ]
    own = _nearest([difference.path for difference in found], one.difference.path)
    return [found[own], *found[:own], *found[own + 1 :]] if found else [one.difference]


def alike(found: list[Difference]) -> list[tuple[Difference, int]]:
    """Return the first of those whose paths differ in positions of lists only, with their number."""
    groups: dict[str, list[Difference]] = {}
    for one in found:
        groups.setdefault(general(one.path), []).append(one)
    return [(group[0], len(group)) for group in groups.values()]


def _differences(path: str, control: Any, candidate: Any) -> Iterator[Difference]:
    if same(control, candidate):
        return
    pairs = _pairs(path, control, candidate)
    if pairs is None:
        yield Difference(path, control, candidate)
        return
    for _, below, left, right in pairs:
        yield from _differences(below, left, right)


def lines(one: Mismatch) -> tuple[list[Line], int]:
    """Return the parts that differ as lines, and the number of the line that the mismatch's path leads to."""
    found = [
        line
        for name in PARTS
        if not same(getattr(one.control, name), getattr(one.candidate, name))
        for line in _lines(f"{name}: ", f"$.{name}", 0, getattr(one.control, name), getattr(one.candidate, name))
    ]
    others = [number for number, line in enumerate(found) if not line.is_equal and line.path]
    if not others:
        return found, -1
    return found, others[_nearest([found[number].path for number in others], one.difference.path)]


def same(control: Any, candidate: Any) -> bool:
    """True where two values are the same JSON: 1, 1.0 and true are three values, the order of keys says nothing."""
    return _canonical(control) == _canonical(candidate)


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=repr)


# ---- which line a path leads to ---------------------------------------------------------------


def _nearest(paths: list[str], wanted: str) -> int:
    """Return which path is the wanted one, or lies below or above it; the first one if none does."""
    for written in (_plain, _starred, _part):
        ranks = [_rank(written(path), written(wanted)) for path in paths]
        if any(ranks):
            return ranks.index(max(ranks))
    return 0


def _rank(path: str, goal: str) -> int:
    if path == goal:
        return 3
    return 2 if path.startswith(f"{goal}.") else 1 if goal.startswith(f"{path}.") else 0


def _plain(path: str) -> str:
    """Return a path whose keys are all written alike, however its writer quotes odd ones."""
    return _BRACKETS.sub(r".\1", path)


def _part(path: str) -> str:
    return Difference(path, None, None).part


def _starred(path: str) -> str:
    return _plain(general(path))


# ---- what belongs to what ---------------------------------------------------------------------

_Pair = tuple[str, str, Any, Any]
"""Label of the line, path, control, candidate."""


def _pairs(path: str, control: Any, candidate: Any) -> list[_Pair] | None:
    """Return the items of two objects or two lists, side by side; None for values that have none, or differ in kind."""
    if isinstance(control, Mapping) and isinstance(candidate, Mapping):
        return [
            (f"{value_text(key)}: ", _below(path, key), control.get(key, ABSENT), candidate.get(key, ABSENT))
            for key in {**control, **candidate}
        ]
    if isinstance(control, list | tuple) and isinstance(candidate, list | tuple):
        return [
            ("", f"{path}[{right if left is None else left}]", _at(control, left), _at(candidate, right))
            for left, right in _aligned(list(control), list(candidate))
        ]
    return None


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if _NAME.fullmatch(key) else f"{path}[{value_text(key)}]"


def _at(items: Any, index: int | None) -> Any:
    return ABSENT if index is None else items[index]


def _aligned(control: list[Any], candidate: list[Any]) -> Iterator[tuple[int | None, int | None]]:
    """Yield which item of one list stands beside which of the other: by position where they are equally long."""
    if len(control) == len(candidate) or len(control) * len(candidate) > _MANY:
        yield from zip_longest(range(len(control)), range(len(candidate)))
        return
    texts = [_canonical(item) for item in control], [_canonical(item) for item in candidate]
    for _, start, end, new_start, new_end in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        yield from zip_longest(range(start, end), range(new_start, new_end))


# ---- lines ------------------------------------------------------------------------------------


def _lines(label: str, path: str, depth: int, control: Any, candidate: Any) -> Iterator[Line]:
    if same(control, candidate):
        text = label + cut(value_text(control), _SHORT)
        yield Line(depth, text, text, path, True)
        return
    pairs = _pairs(path, control, candidate)
    if pairs is None:
        sides = (_spread(label, value, depth) for value in (control, candidate))
        for number, (left, right) in enumerate(zip_longest(*sides, fillvalue=None)):
            indent = (left or right or (depth, ""))[0]
            yield Line(indent, left and left[1], right and right[1], "" if number else path, False)
        return
    start, end = "{}" if isinstance(control, Mapping) else "[]"
    yield Line(depth, label + start, label + start, "", True)
    for inner in pairs:
        yield from _lines(inner[0], inner[1], depth + 1, *inner[2:])
    yield Line(depth, end, end, "", True)


def _spread(label: str, value: Any, depth: int) -> list[tuple[int, str]]:
    """Return one side's value as (depth, line), on one line where it is short; nothing for ABSENT."""
    if value is ABSENT:
        return []
    text = value_text(value)
    if not isinstance(value, Mapping | list | tuple) or len(text) <= _SHORT:
        return [(depth, label + text)]
    items = [(f"{value_text(key)}: ", item) for key, item in value.items()] if isinstance(value, Mapping) else None
    start, end = "{}" if items is not None else "[]"
    inner = [line for name, item in (items or [("", one) for one in value]) for line in _spread(name, item, depth + 1)]
    return [(depth, label + start), *inner, (depth, end)]
