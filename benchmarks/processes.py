"""A child process that answers each line on its stdin with a line of JSON: servers and clients alike."""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent


class BenchmarkError(Exception):
    """The run cannot go on; the message is the one line that the user reads."""


class Child:
    """A process started by ``with`` and gone after it, also when the benchmark is interrupted."""

    def __init__(self, name: str, command: list[str], log: Path) -> None:
        """``log`` takes what the process writes to stderr."""
        self.name = name
        self._log = log
        self._rest = b""
        # Its own session, so that Ctrl-C reaches the benchmark alone, which then ends its children.
        with log.open("wb") as stderr:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                bufsize=0,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def ask(self, command: str, timeout: float = 30) -> dict[str, Any]:
        """Send one line and return the answer; raises BenchmarkError if it is an error or does not come."""
        if self._process.stdin is None:
            raise AssertionError
        try:
            self._process.stdin.write(f"{command}\n".encode())
        except BrokenPipeError:
            self._fail("ended")
        return self.read(timeout, command)

    def read(self, timeout: float = 30, question: str = "start") -> dict[str, Any]:
        """Return the next line; ``question`` says in errors what it should have answered."""
        deadline = time.monotonic() + timeout
        while b"\n" not in self._rest:
            self._rest += self._chunk(deadline, question)
        line, _, self._rest = self._rest.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            self._fail(f"{question}: {answer['error']}")
        return answer

    def _chunk(self, deadline: float, question: str) -> bytes:
        if self._process.stdout is None:
            raise AssertionError
        ready, _, _ = select.select([self._process.stdout], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            self._fail(f"{question}: no answer in time")
        chunk = os.read(self._process.stdout.fileno(), 1 << 20)
        if not chunk:
            self._fail(f"{question}: ended")
        return chunk

    def _fail(self, reason: str) -> None:
        lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        last = f" ({lines[-1]})" if lines else ""
        msg = f"{self.name}: {reason}{last}"
        raise BenchmarkError(msg)
