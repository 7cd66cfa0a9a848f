"""A collection's rows as JSON text by key, in order; and what turns one such state into the next.

Rows are compared as text, so ``1``, ``1.0`` and ``true`` differ, as they do for a client.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

_LARGEST = 2**53 - 1


@dataclass(eq=False, slots=True)
class Rows:
    """One state of a collection: each row's text by its key's text, in order; ``whole`` where it is no list of those.

    A list whose rows have no key, or one twice, and an answer that is no list are sent whole.
    """

    texts: dict[str, str] = field(default_factory=dict)
    whole: str | None = None

    @property
    def text(self) -> str:
        """The state as JSON text."""
        return self.whole if self.whole is not None else f"[{','.join(self.texts.values())}]"

    def patch(self, changes: Mapping[str, str | None]) -> dict[str, str] | None:
        """Change some rows in place, however many there are, and return the delta; None where all is as it was.

        A None is a row that is gone; a row that is new becomes the last.
        """
        put, gone, places = [], [], []
        for key, text in changes.items():
            if text is None:
                gone += [key] if self.texts.pop(key, None) is not None else []
            elif self.texts.get(key) != text:
                if key not in self.texts:
                    places.append(f"[{key},{next(reversed(self.texts), 'null')}]")
                self.texts[key] = text
                put.append(text)
        return _joined(put, gone, places) if put or gone else None


def read(body: bytes, key: str) -> Rows:
    """Read an answer's body; one that is no JSON counts as the text that it is, as in an ack."""
    try:
        value = loads(body)
    except ValueError:
        value = body.decode("utf-8-sig", "replace")
    keyed = keyed_rows(value, key)
    return keyed if keyed is not None else Rows(whole=dumps(value))


def keyed_rows(value: Any, key: str) -> Rows | None:
    """Return a list of objects as rows by key, None where that is not what a value is."""
    if not isinstance(value, list):
        return None
    texts: dict[str, str] = {}
    for row in value:
        if not isinstance(row, dict) or not _tells_apart(row.get(key)):
            return None
        name = row[key]
        texts[str(name) if type(name) is int else dumps(name)] = dumps(row)
    return Rows(texts) if len(texts) == len(value) else None


def _tells_apart(key: Any) -> bool:
    """True for text and for a number that a client in JavaScript reads as that number."""
    return isinstance(key, str) or (isinstance(key, int) and abs(key) <= _LARGEST)


def delta(old: Rows, new: Rows) -> dict[str, str] | None:
    """Return what makes ``new`` of ``old``, as JSON texts by name; None where both are the same.

    ``put`` are rows that are new or changed, ``del`` the keys of those that are gone, ``at`` pairs of a key and the
    key that it comes after (null: it comes first), to be carried out in their order. ``rows`` is the whole state,
    where the rest would be longer.
    """
    if old.whole is not None or new.whole is not None:
        return None if old.text == new.text else {"rows": new.text}
    put = [text for key, text in new.texts.items() if old.texts.get(key) != text]
    gone = [key for key in old.texts if key not in new.texts]
    moved = _moved(old, new)
    if not (put or gone or moved):
        return None
    change = _joined(put, gone, [f"[{key},{after}]" for key, after in _places(new, moved)])
    size = sum(map(len, change.values()))
    return change if size < sum(map(len, new.texts.values())) + len(new.texts) else {"rows": new.text}


def _joined(put: list[str], gone: list[str], places: list[str]) -> dict[str, str]:
    found = {"put": put, "del": gone, "at": places}
    return {name: f"[{','.join(texts)}]" for name, texts in found.items() if texts}


def _moved(old: Rows, new: Rows) -> set[str]:
    """Return the keys that do not stay where they were among those that stay: as few as can be."""
    if list(old.texts) == list(new.texts):
        return set()
    stay = [key for key in new.texts if key in old.texts]
    if stay == [key for key in old.texts if key in new.texts]:
        return set(new.texts).difference(stay) if len(stay) < len(new.texts) else set()
    place = {key: number for number, key in enumerate(old.texts)}
    longest = _increasing([place[key] for key in stay])
    return set(new.texts).difference(stay[number] for number in longest)


def _increasing(numbers: list[int]) -> list[int]:
    """Return the places of a longest increasing subsequence."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, number in enumerate(numbers):
        length = bisect_left(tails, number)
        tails[length : length + 1] = [number]
        ends[length : length + 1] = [at]
        before.append(ends[length - 1] if length else -1)
    found: list[int] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(at)
        at = before[at]
    return found[::-1]


def _places(new: Rows, moved: set[str]) -> Iterable[tuple[str, str]]:
    """Yield each moved key and the one before it, in the new order."""
    if not moved:
        return
    before = "null"
    for key in new.texts:
        if key in moved:
            yield key, before
        before = key


def loads(body: bytes) -> Any:
    """Read JSON; what orjson is too strict for, a lone surrogate, the standard library reads."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return json.loads(body.decode("utf-8-sig", "replace"))


def dumps(value: Any) -> str:
    """Write JSON."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value, allow_nan=False, separators=(",", ":"))
