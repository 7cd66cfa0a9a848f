"""One worker process, as the run sees it: started, asked, stopped; one that does not answer is killed and made anew."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bridge.errors import BridgeError
from bridge.parity.observation import Observation
from bridge.parity.steps import Step
from bridge.parity.worker.spec import Spec

ANSWER_WITHIN, START_WITHIN = 20.0, 120.0


class Silent(Exception):  # noqa: N818 - what happened, not an error of ours
    """A worker ended, or did not answer in time; ``str`` says which."""


class Side:
    """A surface in a process of its own."""

    def __init__(self, name: str, spec: Spec, environ: Mapping[str, str] | None = None) -> None:
        """Start the process; ``name`` tells it from others of its surface."""
        self.name = name
        self.surface = spec.surface
        self._spec = spec
        self._environ = {**os.environ, **(environ or {}), "PYTHONHASHSEED": "0"}
        self._log = Path(spec.folder) / "log"
        self._is_marked = False
        self._start()

    def _start(self) -> None:
        Path(self._spec.folder).mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "bridge.parity.worker", self._spec.to_json()]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=self._environ, bufsize=0
            )
        self._buffer = b""

    def hello(self) -> dict[str, Any]:
        """Wait until the app is there, and return what it has; raises BridgeError where it cannot be hosted."""
        try:
            answer = self.answer(START_WITHIN)
        except Silent as error:
            msg = f"{self._spec.source} cannot be hosted: {self._last_words() or error}"
            raise BridgeError(msg) from error
        if "refused" in answer:
            raise BridgeError(answer["refused"])
        ready: dict[str, Any] = answer["ready"]
        return ready

    # -- questions ------------------------------------------------------------------------------

    def say(self, do: str, *arguments: Any) -> None:
        """Put a question, whose ``answer`` is read later: meanwhile others work."""
        line = json.dumps([do, *arguments]) + "\n"
        with contextlib.suppress(BrokenPipeError):  # ``answer`` will tell
            assert self._process.stdin is not None
            self._process.stdin.write(line.encode())

    def answer(self, within: float = ANSWER_WITHIN) -> Any:
        """Return the answer to the last question; raises Silent."""
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        while b"\n" not in self._buffer:
            if not select.select([descriptor], [], [], within)[0]:
                msg = f"no answer within {within:.0f} s"
                raise Silent(msg)
            piece = os.read(descriptor, 1 << 20)
            if not piece:
                msg = "the process ended"
                raise Silent(msg)
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\n")
        return json.loads(line)

    def call(self, do: str, *arguments: Any, within: float = ANSWER_WITHIN) -> Any:
        """Put a question and return its answer."""
        self.say(do, *arguments)
        return self.answer(within)

    def observed(self) -> Observation:
        """Return the observation that a step which was said led to; without an answer it says why."""
        try:
            return Observation.from_dict(self.answer())
        except Silent as error:
            self.revive()
            return Observation(exception=str(error))

    def ask(self, step: Step) -> None:
        """Put a step; ``observed`` gives what came of it."""
        self.say("ask", step.to_dict())

    def revive(self) -> None:
        """Start another process in place of one that is of no use any more."""
        self.stop()
        self._start()
        self.hello()
        if self._is_marked:
            self.call("mark")

    def mark(self) -> None:
        """Have the rows remembered as they are now, for each ``restore``."""
        self.call("mark")
        self._is_marked = True

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    def stop(self) -> None:
        """End the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
