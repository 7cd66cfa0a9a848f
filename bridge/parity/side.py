"""One worker process, as the run sees it: started, asked, stopped; one that does not answer is killed and made anew."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bridge.errors import BridgeError
from bridge.parity.worker.spec import Spec

ANSWER_WITHIN, START_WITHIN = 20.0, 120.0
END = b"null"
"""The line after the last one of a play."""


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
        self._lines: deque[bytes] = deque()
        self._begun = b""

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
        self._write(json.dumps([do, *arguments]).encode() + b"\n")

    def _write(self, line: bytes) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # ``line`` will tell
            self._process.stdin.write(line)

    def answer(self, within: float = ANSWER_WITHIN) -> Any:
        """Return the answer to the last question; raises Silent."""
        return json.loads(self.line(within))

    def call(self, do: str, *arguments: Any, within: float = ANSWER_WITHIN) -> Any:
        """Put a question and return its answer."""
        self.say(do, *arguments)
        return self.answer(within)

    # -- plays ----------------------------------------------------------------------------------

    def play(self, do: str, told: bytes, *, is_careful: bool) -> None:
        """Have it ``lead`` parts, or ``follow`` a script; lines follow, and END. Careful: each line as it comes."""
        self._write(b'["%s", %s, %s]\n' % (do.encode(), b"true" if is_careful else b"false", told))

    def line(self, within: float = ANSWER_WITHIN) -> bytes:
        """Return the next line, without its end; raises Silent where none has come for ``within`` seconds."""
        while not self._lines:
            self._read(within)
        return self._lines.popleft()

    def _read(self, within: float) -> None:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        if not select.select([descriptor], [], [], within)[0]:
            msg = f"no answer within {within:.0f} s"
            raise Silent(msg)
        piece = os.read(descriptor, 1 << 20)
        if not piece:
            msg = "the process ended"
            raise Silent(msg)
        *lines, self._begun = (self._begun + piece).split(b"\n")
        self._lines.extend(lines)

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
