"""Runs an app's server in a process of its own, so that its threads, its memory and its life can be looked at."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Served:
    """A server process; ``log`` is where its stderr goes."""

    url: str
    pid: int
    log: Path

    def threads(self) -> int:
        """Return how many threads the process has now."""
        return self._status("Threads")

    def peak_megabytes(self) -> int:
        """Return the most memory that the process has had so far."""
        return self._status("VmHWM") // 1024

    def _status(self, key: str) -> int:
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{key}:"))

    def most_threads(self, seconds: float, until: Callable[[], bool]) -> int:
        """Return the highest number of threads seen until ``until()`` is true or the time is up."""
        most, end = 0, time.monotonic() + seconds
        while time.monotonic() < end and not until():
            most = max(most, self.threads())
            time.sleep(0.01)
        return most


@contextmanager
def served(make_app: Callable[..., Any], mode: str, folder: Path, port: int = 0) -> Iterator[Served]:
    """Run ``make_app(mode)``, a function of a module, behind the server that ``socketio.run`` takes for ``mode``."""
    log = folder / f"server-{mode}-{make_app.__name__}.log"
    source = f"{make_app.__module__}:{make_app.__name__}"
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.serve", source, mode, str(port)],
            cwd=_ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        try:
            assert process.stdout is not None
            bound = process.stdout.readline().strip()
            assert bound, log.read_text(encoding="utf-8", errors="replace")[-2000:]
            yield Served(f"http://127.0.0.1:{bound}", process.pid, log)
        finally:
            process.kill()
            process.wait(10)
            if process.stdout is not None:
                process.stdout.close()
