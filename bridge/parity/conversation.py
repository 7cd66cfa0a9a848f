"""Calls written by hand, asked on all surfaces: what the ``parity`` fixture and ``ParityMachine`` are made of."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bridge.parity.comparing import compare, differing
from bridge.parity.ignoring import Ignore
from bridge.parity.laboratory import TWIN, Laboratory
from bridge.parity.observation import Observation
from bridge.parity.options import Options, call_of
from bridge.parity.parts import Observed
from bridge.parity.result import CONTROL, Difference, Mismatch, general
from bridge.parity.steps import ABSENT, Step


class ParityError(AssertionError):
    """Two surfaces differ; the message is the mismatch in full."""

    def __init__(self, mismatch: Mismatch) -> None:
        self.mismatch = mismatch
        super().__init__(mismatch)

    def __str__(self) -> str:
        from bridge.parity.reports.text_mismatch import explanation

        return explanation(self.mismatch, {self.mismatch.route.event: self.mismatch.route}).rstrip()


class Conversation:
    """A sequence in the making: each call is asked over HTTP and by events, on the rows that the last one left.

    ``parity.post("/coaches", json={"name": "Ann"}, who="A")`` returns what HTTP answered, as an Observation, and raises
    ParityError where a surface differs: in its answer, session, rows, SQL or pushes.
    """

    def __init__(self, laboratory: Laboratory, ignores: Sequence[Ignore] = ()) -> None:
        self._laboratory = laboratory
        self._sides = laboratory.sides
        self._routes = {route.event: route for route in laboratory.routes}
        self._ignores = (*laboratory.options.ignores, *ignores)
        self._steps: list[Step] = []
        self._sides.choose()

    def get(self, path: str, **more: Any) -> Observation:
        """Ask a GET; ``query``, ``who`` ("A" or "B", whose login is known) and ``headers`` by name."""
        __tracebackhide__ = True
        return self.call("GET", path, **more)

    def post(self, path: str, json: Any = ABSENT, **more: Any) -> Observation:
        """Ask a POST."""
        __tracebackhide__ = True
        return self.call("POST", path, json, **more)

    def put(self, path: str, json: Any = ABSENT, **more: Any) -> Observation:
        """Ask a PUT."""
        __tracebackhide__ = True
        return self.call("PUT", path, json, **more)

    def patch(self, path: str, json: Any = ABSENT, **more: Any) -> Observation:
        """Ask a PATCH."""
        __tracebackhide__ = True
        return self.call("PATCH", path, json, **more)

    def delete(self, path: str, json: Any = ABSENT, **more: Any) -> Observation:
        """Ask a DELETE."""
        __tracebackhide__ = True
        return self.call("DELETE", path, json, **more)

    def call(
        self,
        method: str,
        path: str,
        json: Any = ABSENT,
        *,
        query: Mapping[str, Any] | None = None,
        who: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Observation:
        """Ask one call of any method; raises BridgeError where no route has the path."""
        __tracebackhide__ = True
        step = call_of(method, path, json, self._laboratory.event_map)
        return self.ask(Step(step.event, {**step.params, **(query or {})}, json, who, headers or {}))

    def play(self, steps: Sequence[Step]) -> list[Observation]:
        """Ask a sequence of steps."""
        return [self.ask(step) for step in steps]

    def ask(self, step: Step) -> Observation:
        """Ask one step, and raise ParityError where a surface differs."""
        __tracebackhide__ = True
        asked, observed = self._sides.ask(step, starts=not self._steps)
        self._steps.append(asked)
        for surface in self._laboratory.candidates:
            difference = self._difference(asked, observed, surface)
            if difference is not None:
                raise ParityError(self._mismatch(asked, observed, surface, difference))
        return observed[CONTROL]

    def _difference(self, step: Step, observed: Observed, surface: str) -> Difference | None:
        """Return what differs, but not what differs between two runs over HTTP, or is known and accepted."""
        noise = {general(one.path) for one in differing(observed[CONTROL], observed[TWIN])}
        difference, _ = compare(observed[CONTROL], observed[surface], noise)
        route = self._routes[step.event]
        if difference is not None and any(one.covers(route, difference.path) for one in self._ignores):
            return None
        return difference

    def _mismatch(self, step: Step, observed: Observed, surface: str, difference: Difference) -> Mismatch:
        options, route = self._laboratory.options, self._routes[step.event]
        command, seen = options.command(route.event), (observed[CONTROL], observed[surface])
        return Mismatch(route, surface, difference, tuple(self._steps), *seen, options.seed, command)


class Laboratories:
    """Those that are open, one for each way to host an app; closed when Python ends, at the latest."""

    def __init__(self) -> None:
        self._open: dict[Options, tuple[Laboratory, tempfile.TemporaryDirectory[str]]] = {}
        atexit.register(self.close)

    def of(self, options: Options) -> Laboratory:
        """Return the laboratory for an app, started where it is not yet."""
        if options not in self._open:
            folder = tempfile.TemporaryDirectory(prefix="fetch2socket-")
            self._open[options] = (Laboratory(options, Path(folder.name)), folder)
        return self._open[options][0]

    def close(self) -> None:
        """End all processes."""
        for laboratory, folder in self._open.values():
            laboratory.stop()
            folder.cleanup()
        self._open.clear()


laboratories = Laboratories()
