"""Plays the same parts on several sides, each on its own copy of the database, and keeps them in step.

The control plays ahead and writes the script of what it did; the others follow it. All sides are busy at once, and a
process does many steps before another one has its turn. On a single core they take turns: processes that share it
would only drive each other out of its caches.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bridge.errors import BridgeError
from bridge.parity.observation import Observation
from bridge.parity.parts import Observed, Part, Played
from bridge.parity.side import END, Side, Silent
from bridge.parity.steps import Step

_ASK = b'["ask"'


@dataclass(frozen=True, slots=True)
class Login:
    """How somebody logs in: the steps, and where the answer to the last one has a token, if it has."""

    who: str
    steps: tuple[Step, ...]
    bearer: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {"steps": [step.to_dict() for step in self.steps], "bearer": list(self.bearer)}


@dataclass(frozen=True, slots=True)
class _Script:
    """What the control did: ``entries`` as they came, and a line for each step that it was asked."""

    parts: tuple[Part, ...]
    logs_in: bool
    entries: list[bytes]
    seen: list[bytes]

    @property
    def asked(self) -> list[Step]:
        """The steps with the values of earlier answers filled in."""
        return [Step.from_dict(json.loads(entry)[1]) for entry in self.entries if entry.startswith(_ASK)]


class Sides:
    """The processes of a run; the first is the control."""

    def __init__(self, sides: Sequence[Side], logins: Sequence[Login] = ()) -> None:
        self.control = sides[0]
        self.all = tuple(sides)
        self._now = self.all
        self.logins = tuple(logins)
        self._logins = json.dumps({one.who: one.to_dict() for one in logins})
        self._leading: tuple[tuple[Part, ...], bool] | None = None
        """What the control plays now, and whether those who ask are logged in."""
        self._takes_turns = _cores() == 1
        self.is_careful = False
        """Whether each step is told as it comes: since a process has ended, or fallen silent."""

    @property
    def whos(self) -> tuple[str, ...]:
        """Who can be asked as: nobody, and those who have a login."""
        return ("", *(one.who for one in self.logins))

    def choose(self, *names: str) -> None:
        """Ask the control and these sides only from now on; no name means all. What comes next has to start."""
        self._now = tuple(side for side in self.all if side is self.control or not names or side.name in names)

    def mark(self) -> None:
        """Have all rows remembered as they are, for each start."""
        for side in self.all:
            side.call("open")
            side.mark()

    def check_logins(self) -> None:
        """Raise BridgeError where somebody who should be able to log in is not let in over HTTP."""
        for login in self.logins:
            answer = self.play(login.steps, as_who=login.who)[-1][1][self.control.name]
            if answer.status >= 400:
                msg = f"the login of {login.who} is answered with {answer.status}: {str(answer.errors)[:200]}"
                raise BridgeError(msg)

    # -- one after another ------------------------------------------------------------------------

    def feed(self, parts: Sequence[Part]) -> list[Played]:
        """Have the control begin some parts; return what came of those before, which the others follow meanwhile."""
        script = self._led()
        if not self._takes_turns:
            self._lead(tuple(parts))
            return self._followed(script)
        played = self._followed(script)
        self._lead(tuple(parts))
        return played

    def finish(self) -> list[Played]:
        """Return what came of the parts that were fed last."""
        return self._followed(self._led())

    def recall(self) -> tuple[Part, ...]:
        """Take back the parts that were fed last, and return them; what the control made of them is forgotten."""
        script = self._led()
        return script.parts if script else ()

    # -- at once ----------------------------------------------------------------------------------

    def play(self, steps: Sequence[Step], *, as_who: str | None = None) -> list[tuple[Step, Observed]]:
        """Play a sequence from its start; return each step, as it was asked, with what came of it.

        ``as_who`` asks all as somebody who is not logged in before.
        """
        if as_who is not None:
            steps = [replace(step, who=as_who) for step in steps]
        return self._at_once(Part(tuple(steps)), logs_in=as_who is None)

    def ask(self, step: Step, *, starts: bool) -> tuple[Step, Observed]:
        """Ask one more step, or the first; who asks is logged in before, where that was not done yet."""
        answered = self._at_once(Part((step,), starts=starts))
        if not answered:
            msg = (
                f"a process ended, or fell silent, before {step.event} could be asked: the login of {step.who} ends it"
            )
            raise BridgeError(msg)
        return answered[0]

    def _at_once(self, part: Part, *, logs_in: bool = True) -> list[tuple[Step, Observed]]:
        assert self._leading is None
        self._lead((part,), logs_in=logs_in)
        script = self._led()
        assert script is not None
        return list(zip(script.asked, self._followed(script)[0].observed, strict=False))

    # -- how --------------------------------------------------------------------------------------

    def _lead(self, parts: tuple[Part, ...], *, logs_in: bool = True) -> None:
        told = f"{json.dumps([part.to_dict() for part in parts])}, {self._logins if logs_in else '{}'}"
        self.control.play("lead", told.encode(), is_careful=self.is_careful)
        self._leading = parts, logs_in

    def _led(self) -> _Script | None:
        """Wait for the control, and return its script; None where it plays nothing."""
        if self._leading is None:
            return None
        parts, logs_in = self._leading
        script = self._script(parts, logs_in=logs_in)
        if script is None:
            self._lead(_afresh(parts), logs_in=logs_in)
            script = self._script(parts, logs_in=logs_in)
        self._leading = None
        return script

    def _script(self, parts: tuple[Part, ...], *, logs_in: bool) -> _Script | None:
        """Read what the control does; None where it fell silent, and it is not known at which step."""
        script = _Script(parts, logs_in, [], [])
        try:
            while (line := self.control.line()) != END:
                script.entries.append(line)
                if line.startswith(_ASK):
                    script.seen.append(self.control.line())
        except Silent as error:
            self.control.revive()
            if not self.is_careful:
                self.is_careful = True
                return None
            if script.entries[-1:] and script.entries[-1].startswith(_ASK):
                script.seen.append(_silence(error))
        return script

    def _followed(self, script: _Script | None) -> list[Played]:
        """Have the others follow a script, if there is one; return what came of each part."""
        if script is None:
            return []
        lines = self._lines(script)
        if lines is None:  # a process is new, and knows nothing of what came before: all of it once more
            ahead = self._leading
            self._led()
            self._lead(_afresh(script.parts), logs_in=script.logs_in)
            again = self._led()
            assert again is not None
            script, lines = again, self._lines(again) or {}
            if ahead is not None:
                self._lead(_afresh(ahead[0]), logs_in=ahead[1])
        return list(self._played(script, lines))

    def _lines(self, script: _Script) -> dict[str, list[bytes]] | None:
        """Return what each of the others saw of each step; None where one fell silent, and it is not known where."""
        others = [side for side in self._now if side is not self.control]
        was_careful, told = self.is_careful, b"[%s]" % b", ".join(script.entries)
        found: dict[str, list[bytes]] = {}
        for group in [[side] for side in others] if self._takes_turns else [others]:
            for side in group:
                side.play("follow", told, is_careful=was_careful)
            found |= {side.name: self._lines_of(side) for side in group}
        return found if was_careful or not self.is_careful else None

    def _lines_of(self, side: Side) -> list[bytes]:
        lines: list[bytes] = []
        try:
            while (line := side.line()) != END:
                lines.append(line)
        except Silent as error:
            side.revive()
            lines.append(_silence(error))
            self.is_careful = True
        return lines

    def _played(self, script: _Script, lines: Mapping[str, list[bytes]]) -> Iterator[Played]:
        """Yield what came of each part, up to the first silence."""
        all_lines = {self.control.name: script.seen, **lines}
        each = (
            _observed(self.control.name, dict(zip(all_lines, row, strict=True)))
            for row in zip(*all_lines.values(), strict=False)
        )
        for part in script.parts:
            yield Played(part, tuple(itertools.islice(each, len(part.steps))))

    def stop(self) -> None:
        """End all processes."""
        for side in self.all:
            side.stop()


def _observed(control: str, lines: Mapping[str, bytes]) -> Observed:
    """Return the observations of one step; the same object where two sides wrote the same, as they mostly do."""
    first = Observation.from_dict(json.loads(lines[control]))
    return {
        name: first if line == lines[control] else Observation.from_dict(json.loads(line))
        for name, line in lines.items()
    }


def _cores() -> int:
    """Return how many cores there are for this process, and for those that it starts."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _afresh(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return (parts[0].afresh(), *parts[1:])


def _silence(error: Silent) -> bytes:
    return json.dumps({"exception": str(error)}).encode()
