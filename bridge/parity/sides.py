"""Asks several sides the same sequence, each on its own copy of the database, and keeps them in step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bridge.errors import BridgeError
from bridge.parity.observation import Observation
from bridge.parity.side import Side
from bridge.parity.steps import Step

Observed = dict[str, Observation]
"""What each side observed of one step, by its name."""


@dataclass(frozen=True, slots=True)
class Login:
    """How somebody logs in: the steps, and where the answer to the last one has a token, if it has."""

    who: str
    steps: tuple[Step, ...]
    bearer: tuple[str, ...] = ()


class Sides:
    """The processes of a run; the first is the control."""

    def __init__(self, sides: Sequence[Side], logins: Sequence[Login] = ()) -> None:
        self.control = sides[0]
        self.all = tuple(sides)
        self._now = self.all
        self.logins = tuple(logins)
        self._logins = {one.who: one for one in logins}
        self._tokens: dict[str, str] = {}
        self._inside: set[str] = set()
        self._answers: list[Any] = []
        self.has_written = True
        """Whether rows may differ from the marked ones."""
        self.has_changed_sessions = True
        """Whether somebody may be logged in otherwise than at the beginning."""

    @property
    def whos(self) -> tuple[str, ...]:
        """Who can be asked as: nobody, and those who have a login."""
        return ("", *self._logins)

    def choose(self, *names: str) -> None:
        """Ask the control and these sides only from now on, from the beginning of a sequence; no name means all."""
        self._now = tuple(side for side in self.all if side is self.control or not names or side.name in names)
        self.start()

    def each(self, do: str, *arguments: Any, within: float = 20.0) -> list[Any]:
        """Put the same question to all that are asked at once, and return the answers."""
        for side in self._now:
            side.say(do, *arguments)
        return [side.answer(within) for side in self._now]

    def mark(self) -> None:
        """Have all rows remembered as they are, for ``rewind``."""
        for side in self.all:
            side.call("open")
            side.mark()

    def start(self) -> None:
        """Begin a sequence: rows as marked, new browsers, nobody logged in."""
        self.rewind()
        self.each("open")
        self._tokens, self._inside = {}, set()
        self.has_changed_sessions = False

    def rewind(self) -> None:
        """Put the rows back as marked; who is logged in stays so."""
        self.each("restore")
        self._answers = []
        self.has_written = False

    def play(self, steps: Sequence[Step]) -> Iterator[tuple[Step, Observed]]:
        """Start a sequence and yield each step, as it was asked, with what came of it."""
        self.start()
        for step in steps:
            yield self.ask(step)

    def ask(self, step: Step) -> tuple[Step, Observed]:
        """Ask one more step; who asks is logged in before, where that was not done yet."""
        self._let_in(step.who)
        asked = step.resolved(self._answers)
        observed = self._asked(asked)
        answer = observed[self.control.name]
        self._answers.append(answer.data)
        self.has_written |= any(one.rows for one in observed.values())
        self.has_changed_sessions |= any(one.cookies for one in observed.values())
        return asked, observed

    def check_logins(self) -> None:
        """Raise BridgeError where somebody who should be able to log in is not let in over HTTP."""
        for login in self.logins:
            self.start()
            for step in login.steps:
                answer = self._asked(replace(step, who=login.who))[self.control.name]
            if answer.status >= 400:
                msg = f"the login of {login.who} is answered with {answer.status}: {str(answer.errors)[:200]}"
                raise BridgeError(msg)
        self.start()

    def _asked(self, step: Step) -> Observed:
        token = self._tokens.get(step.who)
        if token and "Authorization" not in step.headers:
            step = Step(
                step.event, step.params, step.body, step.who, {**step.headers, "Authorization": f"Bearer {token}"}
            )
        for side in self._now:
            side.ask(step)
        return {side.name: side.observed() for side in self._now}

    def _let_in(self, who: str) -> None:
        login = self._logins.get(who)
        if login is None or who in self._inside:
            return
        self._inside.add(who)
        for step in login.steps:
            observed = self._asked(replace(step, who=who))
        if login.bearer:
            value = observed[self.control.name].data
            for key in login.bearer:
                value = value.get(key) if isinstance(value, Mapping) else None
            self._tokens[who] = str(value or "")

    def stop(self) -> None:
        """End all processes."""
        for side in self.all:
            side.stop()
