"""Finds the first path at which two observations differ; type-strict, and with the paths of known noise left out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from bridge.differing import MISSING, Path, differences, path_text
from bridge.parity.observation import Observation
from bridge.parity.result import Difference, general
from bridge.parity.steps import ABSENT


def compare(
    control: Observation, candidate: Observation, noise: Collection[str] = ()
) -> tuple[Difference | None, list[str]]:
    """Return the first difference that is no known noise, and what is only worth a warning.

    A list in another order is a warning where the control read rows without ORDER BY, which alone fixes an order; an
    object whose keys come in another order always is.
    """
    warnings: list[str] = []
    if candidate is control:  # one object stands for all sides that wrote the same line
        return None, warnings
    for one in differing(control, candidate):
        if is_noise(one.path, noise):
            continue
        if not control.unordered or not _is_reordered(one):
            return one, warnings
        tables = ", ".join(control.unordered)
        warnings.append(f"{one.path} comes in another order; {tables} is read without ORDER BY")
    if not warnings and control.data == candidate.data and _text(control.data) != _text(candidate.data):
        warnings.append("the keys of $.data come in another order")
    return None, warnings


def differing(control: Observation, candidate: Observation) -> Iterator[Difference]:
    """Yield the paths that differ, in the order of the parts; a list in another order is one difference."""
    ours, theirs = control.to_dict(), candidate.to_dict()
    told: Path | None = None
    for path, one, other in differences(ours, theirs):
        if told is not None and path[: len(told)] == told:
            continue
        around = _reordered_list(ours, theirs, path)
        if around is not None:
            told = around
            yield Difference(path_text(around), _at(ours, around), _at(theirs, around))
        else:
            yield Difference(path_text(path), _shown(one), _shown(other))


def is_noise(path: str, noise: Collection[str]) -> bool:
    """Tell whether a path, or one above it, is known to differ by itself."""
    if not noise:
        return False
    shape = general(path)
    return any(shape == one or shape.startswith((f"{one}.", f"{one}[")) for one in noise)


def _reordered_list(ours: Any, theirs: Any, path: Path) -> Path | None:
    """Return the path of the outermost list above ``path`` that has the same items on both sides, in another order."""
    for index, part in enumerate(path):
        if isinstance(part, int):
            around = path[:index]
            if _is_reordered(Difference("", _at(ours, around), _at(theirs, around))):
                return around
    return None


def _at(value: Any, path: Path) -> Any:
    for part in path:
        value = value[part]
    return value


def _is_reordered(one: Difference) -> bool:
    ours, theirs = one.control, one.candidate
    if not isinstance(ours, list) or not isinstance(theirs, list) or len(ours) != len(theirs):
        return False
    return sorted(map(_key, ours)) == sorted(map(_key, theirs))


def _shown(value: Any) -> Any:
    return ABSENT if value is MISSING else value


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _text(value: Any) -> str:
    return json.dumps(value)
