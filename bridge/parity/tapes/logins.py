"""Logins of a tape, whose passwords nobody has any more, replaced by those of the users that a replay has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bridge.parity.steps import ABSENT, Earlier, Step
from bridge.parity.tapes.ids import is_placeholder, leaves
from bridge.parity.tapes.tape import Recorded


class Logins:
    """Which calls of a sequence are logins, and what passwords stand behind placeholders.

    A user who signed up on the tape logs in as recorded: placeholders serve as passwords there.
    """

    def __init__(self, calls: Sequence[Recorded], persons: Mapping[int, str], logins: Sequence[Step]) -> None:
        self._persons = persons
        self._bodies: dict[int, Any] = {}
        self._passwords: dict[str, Any] = {}
        self._first: dict[int, int] = {}
        events = {login.event for login in logins}
        own = {name: login.body for name, login in zip(("A", "B"), logins, strict=False)}
        seen: set[str] = set()
        for index, call in enumerate(calls):
            is_login = call.event in events and call.ok and persons.get(call.who) in own
            secrets = {value for _, value in leaves(call.body) if is_placeholder(value)}
            if is_login:
                self._first.setdefault(call.who, index)
                if seen.isdisjoint(secrets):
                    self._learn(index, call.body, own[persons[call.who]])
            elif call.ok:
                seen |= secrets - self._passwords.keys()
        self._index = {id(call): index for index, call in enumerate(calls)}

    def _learn(self, index: int, recorded: Any, own: Any) -> None:
        self._bodies[index] = own
        there = dict(leaves(own)) if own is not ABSENT else {}
        for path, value in leaves(recorded):
            if is_placeholder(value) and path in there:
                self._passwords.setdefault(value, there[path])

    def who(self, call: Recorded) -> str:
        """Return A, B or "" for nobody: also a browser that logs in later on."""
        person = self._persons.get(call.who, "")
        return "" if self._index[id(call)] < self._first.get(call.who, 0) else person

    def filled_in(self, index: int, step: Step) -> Step:
        """Return a step with the replay's own body where it is a login, and its passwords where they are known."""
        if index in self._bodies:
            return replace(step, body=self._bodies[index])
        if not self._passwords:
            return step
        return replace(step, params=self._filled(step.params), body=self._filled(step.body))

    def _filled(self, value: Any) -> Any:
        if isinstance(value, Earlier):
            return value
        if isinstance(value, Mapping):
            return {key: self._filled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._filled(item) for item in value]
        return self._passwords.get(value, value) if isinstance(value, str) else value
