"""Finds the first path at which two observations differ; type-strict, and with the paths of known noise left out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from bridge.parity.observation import PARTS, Observation
from bridge.parity.result import Difference, general

Path = tuple[str | int, ...]


def differences(control: Observation, candidate: Observation) -> Iterator[Difference]:
    """Yield every path that differs, in the order of the parts; of lists of another length, the list."""
    for part in PARTS:
        ours, theirs = getattr(control, part), getattr(candidate, part)
        if ours is theirs or (type(ours) is type(theirs) and ours == theirs and not _needs_look(ours)):
            continue
        yield from _differing(_plain(ours), _plain(theirs), (part,))


def first_difference(
    control: Observation, candidate: Observation, noise: Collection[str] = ()
) -> tuple[Difference | None, list[str]]:
    """Return the first difference that is none of the known noise, and the warnings beside it.

    Lists that differ by their order alone are a warning where the control read rows without ORDER BY, since nothing
    fixes that order; objects that differ by the order of their keys alone are always one.
    """
    found: Difference | None = None
    warnings = []
    for one in differences(control, candidate):
        if is_noise(one.path, noise):
            continue
        if found is None and control.unordered and _is_reordered(one):
            warnings.append(
                f"{one.path} has another order, and {', '.join(control.unordered)} is read without ORDER BY"
            )
            continue
        found = found or one
    if found is None and not warnings and _text(control.data) != _text(candidate.data):
        warnings.append("$.data has its keys in another order")
    return found, warnings


def is_noise(path: str, noise: Collection[str]) -> bool:
    """Tell whether a path, or one above it, is known to differ by itself."""
    if not noise:
        return False
    shape = general(path)
    return any(shape == one or shape.startswith((f"{one}.", f"{one}[")) for one in noise)


def _is_reordered(one: Difference) -> bool:
    if not isinstance(one.control, list) or not isinstance(one.candidate, list):
        return False
    return sorted(map(_key, one.control)) == sorted(map(_key, one.candidate))


def _differing(ours: Any, theirs: Any, path: Path) -> Iterator[Difference]:
    if type(ours) is not type(theirs):
        yield Difference(written(path), ours, theirs)
    elif isinstance(ours, dict):
        for key in {**ours, **theirs}:
            if key not in ours or key not in theirs:
                yield Difference(written((*path, key)), ours.get(key, MISSING), theirs.get(key, MISSING))
            else:
                yield from _differing(ours[key], theirs[key], (*path, key))
    elif isinstance(ours, list):
        yield from _differing_lists(ours, theirs, path)
    elif ours != theirs:
        yield Difference(written(path), ours, theirs)


def _differing_lists(ours: list[Any], theirs: list[Any], path: Path) -> Iterator[Difference]:
    whole = Difference(written(path), ours, theirs)
    if len(ours) != len(theirs) or (_key(ours) != _key(theirs) and _is_reordered(whole)):
        yield whole
        return
    for index, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        yield from _differing(one, other, (*path, index))


MISSING = "(missing)"


def written(path: Path) -> str:
    """Return a path as JSONPath has it: ``$.data[0].name``; a key that is no word is quoted."""
    return "$" + "".join(_segment(key) for key in path)


def _segment(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if key.replace("_", "a").isalnum() else f"[{json.dumps(key)}]"


def _needs_look(value: Any) -> bool:
    """Python finds 1, 1.0 and True equal: containers and numbers are looked into."""
    return isinstance(value, (dict, list, float, int)) and not isinstance(value, bool) and value not in ({}, [])


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _text(value: Any) -> str:
    return json.dumps(value)
