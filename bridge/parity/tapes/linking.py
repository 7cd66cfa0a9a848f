"""Finds where the ids and tokens of a call came from: which earlier answer, and where in it.

A small number proves little: 1 is a coach's id and a plan's. It is taken for an earlier one only where both go by the
same noun, or where it is long enough to be no accident.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bridge.inflect import singular_name
from bridge.naming import segments, snake
from bridge.parity.steps import ABSENT, Earlier, Step
from bridge.parity.tapes.ids import is_id_name, is_needed, is_placeholder, name_of
from bridge.parity.tapes.tape import Recorded

_LONG = 8
_Path = tuple[str | int, ...]


class Links:
    """The ids of the answers so far, in one sequence; of two that are alike the younger counts."""

    def __init__(self) -> None:
        self._by_noun: dict[tuple[str, str], tuple[Earlier, type]] = {}
        self._by_value: dict[str, tuple[Earlier, type]] = {}

    def step(self, call: Recorded, who: str) -> Step:
        """Return a call as a step; headers of the session are left out, since ``who`` has one of its own."""
        headers = {name: value for name, value in call.headers.items() if "$secret:" not in value}
        params = {name: self._linked((name,), value, call, is_text=True) for name, value in call.params.items()}
        body = call.body if call.body is ABSENT else self._linked((), call.body, call, is_text=False)
        return Step(call.event, params, body, who, headers)

    def answered(self, index: int, call: Recorded) -> None:
        """Take in the ids of an answer."""
        if not call.ok:
            return
        for path, value in call.found:
            found = Earlier(index, path, value), type(value)
            if len(str(value)) >= _LONG or is_placeholder(value):
                self._by_value[str(value)] = found
            for noun in _nouns(path, call.rule):
                self._by_noun[noun, str(value)] = found

    def _linked(self, path: _Path, value: Any, call: Recorded, *, is_text: bool) -> Any:
        if isinstance(value, dict):
            return {key: self._linked((*path, key), item, call, is_text=is_text) for key, item in value.items()}
        if isinstance(value, list):
            return [self._linked((*path, i), item, call, is_text=is_text) for i, item in enumerate(value)]
        if not (is_needed(path, value) or (is_text and name_of(path) in _path_parameters(call.rule))):
            return value
        return self._source(path, value, call, is_text=is_text)

    def _source(self, path: _Path, value: Any, call: Recorded, *, is_text: bool) -> Any:
        """Return where a value came from, or itself; in a URL the id 3 is the text "3", in a body it isn't."""
        candidates = [self._by_noun.get((noun, str(value))) for noun in _nouns(path, call.rule)]
        candidates.append(self._by_value.get(str(value)))
        for found in candidates:
            if found is not None and (is_text or found[1] is type(value)):
                return Earlier(found[0].step, found[0].path, value)
        return value


def _nouns(path: _Path, rule: str) -> Iterator[str]:
    """Yield what an id is the id of: ``coach_id`` a coach's, ``id`` that of the object that it is in."""
    own = _of_name(name_of(path))
    if own:
        yield own
        return
    parents = [part for part in path[:-1] if isinstance(part, str) and part not in ("data", "items", "results")]
    yield _singular(parents[-1]) if parents else _of_rule(rule, name_of(path))


def _of_name(name: str) -> str:
    """Return ``coach`` for ``coach_id``, ``coachId`` and ``coach_ids``, "" for ``id``."""
    words = snake(re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)).split("_")
    return _singular("_".join(words[:-1])) if is_id_name(name) and len(words) > 1 else ""


def _of_rule(rule: str, name: str) -> str:
    """Return ``coach`` for ``/coaches/<int:id>``: the word before the parameter, or the last of all."""
    before = ""
    for segment in segments(rule):
        if name in segment.params:
            break
        before = segment.word or before
    return _singular(before)


def _path_parameters(rule: str) -> set[str]:
    return {name for segment in segments(rule) for name in segment.params}


def _singular(word: str) -> str:
    return singular_name(snake(word))
