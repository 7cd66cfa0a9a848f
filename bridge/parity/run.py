"""A run: first calls, boundaries, tapes, then random sequences until the budget is used up."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridge.errors import BridgeError
from bridge.parity.exploring import explore
from bridge.parity.inputs import Known, boundary_steps, first_steps, good, sequences, session_sequences, simpler
from bridge.parity.laboratory import Laboratory
from bridge.parity.options import Options, passwords_of
from bridge.parity.referee import Answers, Referee
from bridge.parity.result import Note, Result, Route
from bridge.parity.steps import Step
from bridge.parity.tally import Tally
from bridge.parity.versions import versions

Progress = Callable[[str, float, int], None]
"""Called with the phase, the share of the budget that is used up, and the number of comparisons by now."""


class TimeIsUp(BaseException):
    """The budget is used up; no ``Exception``, so that nothing on the way takes it for a failure."""


def quiet(_phase: str, _share: float, _comparisons: int) -> None:
    """Report no progress."""


def run(options: Options, progress: Progress = quiet) -> Result:
    """Compare the surfaces of an app until the budget is used up; raises BridgeError where it cannot be hosted.

    Ctrl-C ends a run early: the result holds what was found by then, and says so.
    """
    progress("starting the app", 0.0, 0)
    with tempfile.TemporaryDirectory(prefix="fetch2socket-") as folder:
        laboratory = Laboratory(options, Path(folder), passwords_of(options))
        try:
            return Run(laboratory, progress).result()
        finally:
            laboratory.stop()


@dataclass
class _Budget:
    """How long a run may go on: for some seconds, and for some steps where ``steps`` is not 0."""

    seconds: float
    steps: int
    stops_at_first: bool
    tally: Tally

    def __post_init__(self) -> None:
        self._started = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._started

    @property
    def share(self) -> float:
        """What is used up, from 0 to 1."""
        by_steps = self.tally.steps / self.steps if self.steps else 0.0
        return min(1.0, max(self.elapsed / self.seconds, by_steps))

    def check(self) -> None:
        """Raise TimeIsUp where it is used up, or where the first mismatch is enough."""
        if self.share >= 1.0 or (self.stops_at_first and self.tally.mismatches):
            raise TimeIsUp


class Run:
    """One run in a laboratory."""

    def __init__(self, laboratory: Laboratory, progress: Progress = quiet) -> None:
        if not laboratory.routes:
            msg = f"{laboratory.options.source} has no route that --only and --surface leave to compare"
            raise BridgeError(msg)
        self._laboratory = laboratory
        self._options = told = laboratory.options
        self._progress = progress
        self._tally = Tally(laboratory.routes)
        self._budget = _Budget(told.budget, told.steps, told.stops_at_first, self._tally)
        progress("learning what routes take", 0.0, 0)
        self._takes, self._rows = laboratory.learn()
        self._wanted = [one for one in self._takes if one.event in self._tally.routes]
        self._by_event = {one.event: one for one in self._takes}
        self._known = self._knowing({})
        self._referee = Referee(laboratory, self._tally, self._simpler, self._budget.check)

    def result(self) -> Result:
        """Do all phases and return what they found."""
        finished = True
        try:
            self._phases()
        except TimeIsUp:
            pass
        except KeyboardInterrupt:
            finished = False
        tally, options = self._tally, self._options
        return Result(
            options.source,
            options.seed,
            self._laboratory.routes,
            tally.cells,
            tally.untested(self._wanted),
            tuple(tally.mismatches.values()),
            tally.notes("noise"),
            (*tally.notes("warning"), *self._without_control()),
            tally.notes("ignored"),
            tally.steps,
            tally.comparisons,
            self._budget.elapsed,
            finished,
            versions(),
        )

    def _without_control(self) -> Iterator[Note]:
        """Yield what is to be said of routes that HTTP no longer has."""
        for event in self._laboratory.event_map:
            if event.event in self._laboratory.removed and self._options.wants(event):
                route = Route(event.event, event.method, event.rule, ())
                yield Note(route, "", "", "HTTP no longer has this route: there is nothing to compare it with")

    def _knowing(self, answers: Mapping[str, Any]) -> Known:
        logins = {step.event: step.body for login in self._laboratory.sides.logins for step in login.steps}
        return Known.of(self._rows, answers, logins)

    def _phases(self) -> None:
        whos = self._laboratory.sides.whos
        self._told("learning what differs by itself")
        answers = self._referee.learn_noise(first_steps(self._wanted, self._known, whos))
        self._known = self._knowing(answers.bodies)
        self._ask_each("first calls", first_steps(self._wanted, self._known, whos))
        taped = (("tapes", sequence) for sequence in self._taped())
        pairs = session_sequences(self._takes, self._known, answers.changers, answers.depending)
        for phase, sequence in (*taped, *(("sessions", pair) for pair in pairs)):
            self._told(phase)
            self._referee.sequence([step for step in sequence if step.event in self._tally.routes])
        self._ask_each("boundaries", boundary_steps(self._wanted, self._known, whos, answers.let_in))
        self._ask_sequences(answers)

    def _ask_each(self, phase: str, steps: Iterator[Step]) -> None:
        for step in steps:
            self._budget.check()
            self._told(phase)
            self._referee.single(step)

    def _taped(self) -> Iterator[Sequence[Step]]:
        from bridge.parity.tapes.sequences import steps_of
        from bridge.parity.tapes.tape import read_tape

        for path in self._options.tapes:
            logins = [step for login in self._laboratory.sides.logins for step in login.steps[:1]]
            yield from steps_of(read_tape(Path(path)), logins)

    def _ask_sequences(self, answers: Answers) -> None:
        whos = self._laboratory.sides.whos

        def ask(steps: Sequence[Step]) -> None:
            self._budget.check()
            self._told("sequences")
            self._referee.sequence(steps)

        explore(sequences(self._wanted, self._known, whos, answers.let_in), self._options.seed, ask)

    def _told(self, phase: str) -> None:
        self._progress(phase, self._budget.share, self._tally.comparisons)

    def _simpler(self, step: Step) -> Iterator[Step]:
        takes = self._by_event.get(step.event)
        return simpler(step, good(takes, self._known)) if takes else iter(())
