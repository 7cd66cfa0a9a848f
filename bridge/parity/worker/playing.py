"""Plays parts in this process: the control decides as it goes what is asked, and tells; the others follow its script.

A script is a list of what is done: ``["start"]``, ``["rewind"]``, ``["login", step, token]``, ``["ask", step, token]``.
What comes of an ``ask`` follows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bridge.parity.steps import Step
from bridge.parity.worker.host import Host

Entry = list[Any]
Seen = dict[str, Any]


class Leader:
    """The control: who is logged in, what was answered, and whether anything was changed since the start."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._tokens: dict[str, str] = {}
        self._inside: set[str] = set()
        self._answers: list[Any] = []
        self._wrote = self._changed_sessions = True  # nothing is known of what was before

    def lead(self, parts: Sequence[Mapping[str, Any]], logins: Mapping[str, Any]) -> Iterator[Entry | Seen]:
        """Play parts and yield the script, each entry before it is done; after an ``ask`` what was seen.

        ``logins``: by person ``{"steps": [...], "bearer": [...]}``.
        """
        for part in parts:
            if part["starts"]:
                yield from self._start()
            for row in part["steps"]:
                if part["rests"]:
                    yield from self._rest()
                step = Step.from_dict(row)
                yield from self._let_in(step.who, logins)
                asked = step.resolved(self._answers)
                yield ["ask", asked.to_dict(), self._tokens.get(step.who, "")]
                seen = self._ask(asked)
                self._answers.append(seen["data"])
                self._wrote |= bool(seen["rows"])
                self._changed_sessions |= bool(seen["cookies"])
                yield seen

    def _start(self) -> Iterator[Entry]:
        yield ["start"]
        self._host.restore()
        self._host.open()
        self._tokens, self._inside, self._answers = {}, set(), []
        self._wrote = self._changed_sessions = False

    def _rest(self) -> Iterator[Entry]:
        """Put back what the last step has changed: rows, and who is logged in."""
        if self._changed_sessions:
            yield from self._start()
        elif self._wrote:
            yield ["rewind"]
            self._host.restore()
            self._answers, self._wrote = [], False

    def _let_in(self, who: str, logins: Mapping[str, Any]) -> Iterator[Entry]:
        if who not in logins or who in self._inside:
            return
        self._inside.add(who)
        value = None
        for row in logins[who]["steps"]:
            yield ["login", {**row, "who": who}, self._tokens.get(who, "")]
            value = self._ask(replace(Step.from_dict(row), who=who))["data"]
        for key in logins[who]["bearer"]:
            value = value.get(key) if isinstance(value, Mapping) else None
        if logins[who]["bearer"]:
            self._tokens[who] = str(value or "")

    def _ask(self, step: Step) -> Seen:
        return self._host.ask(_with_token(step, self._tokens.get(step.who, "")))


def follow(host: Host, script: Sequence[Entry]) -> Iterator[Seen | None]:
    """Do what a script says and yield what was seen of each ``ask``; None before each, as it may take long."""
    for do, *told in script:
        if do == "start":
            host.restore()
            host.open()
        elif do == "rewind":
            host.restore()
        else:
            row, token = told
            yield None
            seen = host.ask(_with_token(Step.from_dict(row), token))
            if do == "ask":
                yield seen


def _with_token(step: Step, token: str) -> Step:
    if not token or "Authorization" in step.headers:
        return step
    return replace(step, headers={**step.headers, "Authorization": f"Bearer {token}"})
