"""Good values: what a field ought to take, by all that is known of it; and the step that ought to succeed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bridge.parity.inputs.known import Known
from bridge.parity.steps import Step
from bridge.parity.takes import Field, Takes

_WORDS = ("Amber", "Birch", "Cedar", "Dune", "Ember", "Fern", "Grove", "Heath", "Iris", "Juniper")
_FILLER = "Good for the afternoon, or so they say. "
#: What an untyped field of this name may hold; the first part of a name that fits decides.
_BY_NAME: dict[str, Any] = {
    "email": "new.person{n}@example.com",
    "password": "Secret-12{n}",
    "username": "newperson{n}",
    "phone": "555123456{d}",
    "datetime": "2026-03-0{d}T10:30:00",
    "date": "2026-03-0{d}",
    "time": "1{d}:30",
    "url": "https://example.com/{n}.png",
    "image": "https://example.com/{n}.png",
    "is_": True,
    "has_": True,
    **dict.fromkeys(
        ("age", "price", "year", "count", "number", "rating", "quantity", "amount", "page", "star", "hour", "minute"), 3
    ),
}
_BY_KIND: dict[str, Any] = {
    "email": "new.person{n}@example.com",
    "url": "https://example.com/{n}",
    "date": "2026-03-0{d}",
    "datetime": "2026-03-0{d}T10:30:00",
    "time": "1{d}:30:00",
    "uuid": "00000000-0000-4000-8000-00000000000{d}",
    "boolean": True,
}


def good(takes: Takes, known: Known, number: int = 0) -> Step:
    """Return the step that ought to succeed; ``number`` varies names, and which of the existing things is meant."""
    params = {field.name: good_value(field, takes, known, number) for field in takes.params}
    if takes.event in known.given and not number:
        return Step(takes.event, params, known.given[takes.event])
    if not takes.has_body:
        return Step(takes.event, params)
    body = {field.name: good_value(field, takes, known, number) for field in takes.body}
    return Step(takes.event, params, body)


def good_value(field: Field, takes: Takes, known: Known, number: int = 0) -> Any:
    """Return a value that a field ought to take."""
    if field.choices:
        return field.choices[number % len(field.choices)]
    if field.kind == "list":
        return _list(field, takes, known, number)
    if field.kind == "object" and field.fields:
        return {one.name: good_value(one, takes, known, number) for one in field.fields}
    ids = known.ids_of(field.table or known.table_named(field.name))
    if ids:
        return ids[number % len(ids)]
    return _plain_value(field, takes, known, number)


def _list(field: Field, takes: Takes, known: Known, number: int) -> list[Any]:
    item = field.items or Field(field.name)
    return [good_value(item, takes, known, number + step) for step in range(max(field.min_length or 2, 1))]


def _plain_value(field: Field, takes: Takes, known: Known, number: int) -> Any:
    seen = [value for value in known.like(field, takes.tables) if _fits(field, value)]
    is_own = field.unique or re.search(r"name|title|email", field.name) is not None
    if seen and not is_own:
        return seen[number % len(seen)]
    if field.kind == "integer" or (field.kind == "number"):
        return _number(field)
    if field.kind in _BY_KIND:
        return _filled(_BY_KIND[field.kind], number)
    named = next((value for part, value in _BY_NAME.items() if part in field.name.lower()), None)
    if named is not None and (field.kind == "any" or isinstance(named, str)):
        return _bounded(_filled(named, number), field)
    text = f"{_WORDS[number % len(_WORDS)]} {field.name.replace('_', ' ')}"
    if field.unique and number >= len(_WORDS):
        text = f"{text} {number}"
    return _bounded(text, field)


def _fits(field: Field, value: Any) -> bool:
    kinds: dict[str, Any] = {
        "integer": int,
        "number": (int, float),
        "boolean": (bool, int),
        "string": str,
        "date": str,
        "datetime": str,
    }
    if not isinstance(value, kinds.get(field.kind, object)):
        return False
    if isinstance(value, str):
        return len(value) <= (field.max_length or len(value)) and len(value) >= (field.min_length or 0)
    return (field.min is None or value >= field.min) and (field.max is None or value <= field.max)


def _number(field: Field) -> int:
    low, high = field.min, field.max
    if low is not None and high is not None:
        return int(low + (high - low) // 2) // 10 * 10 if high - low > 20 else int(low + (high - low) // 2)
    return int(low + 1) if low is not None else int(high - 1) if high is not None else 3


def _filled(value: Any, number: int) -> Any:
    """Put the number into a text: whole, or as one digit from 1 to 9."""
    return value.format(n=number or "", d=number % 9 + 1) if isinstance(value, str) else value


def _bounded(value: Any, field: Field) -> Any:
    if not isinstance(value, str):
        return value
    if field.min_length is not None and len(value) < field.min_length:
        value = (value + " " + _FILLER * (field.min_length // len(_FILLER) + 1))[: field.min_length + 2]
    return value[: field.max_length] if field.max_length is not None else value


def text_of(length: int) -> str:
    """Return a text of exactly this length."""
    return (_FILLER * (length // len(_FILLER) + 1))[: max(length, 0)].replace(" ", "x", 1) if length else ""


def existing(field: Field, takes: Takes, known: Known) -> Sequence[Any]:
    """Return values of a path parameter for which there is something: the first, and the last."""
    ids = known.ids_of(field.table or known.table_named(field.name)) or known.like(field, takes.tables)
    return (ids[0], ids[-1]) if len(ids) > 1 else tuple(ids)
