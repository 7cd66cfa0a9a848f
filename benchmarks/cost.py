"""What a command costs with all processes that it starts: CPU, time, memory."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import BenchmarkError

_MB = 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU in user and kernel, seconds on the clock; MB of the largest process and of all together.

    ``together`` counts memory that processes share once (PSS). Both are 0 where memory was not watched: the kernel's
    own peak is no use, since it counts what a process inherits before it becomes the command.
    """

    cpu: float
    wall: float
    largest: float = 0.0
    together: float = 0.0


def run(command: Sequence[str], folder: Path, *, environment: dict[str, str], watched: bool = False) -> Cost:
    """Run a command to its end and return its cost; exit code 1 says that something would change."""
    started = time.perf_counter()
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
    watch = _Watch(process.pid) if watched else None
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if process.returncode not in {0, 1}:
        msg = f"{command[0]} ended with {process.returncode}: {(folder / 'output').read_text(errors='replace')[-300:]}"
        raise BenchmarkError(msg)
    largest, together = watch.stop() if watch is not None else (0.0, 0.0)
    return Cost(usage.ru_utime + usage.ru_stime, wall, largest, together)


class _Watch:
    """Looks at the memory of a process and all below it, every few milliseconds (Linux)."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._largest, self._together = 0.0, 0.0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> tuple[float, float]:
        """Return the most that was seen of one process and of all together, in MB."""
        self._is_over.set()
        self._thread.join()
        return self._largest, self._together

    def _look(self) -> None:
        while not self._is_over.wait(0.01):
            found = [_memory(pid) for pid in _family(self._pid) if not _is_us(pid)]
            self._largest = max([self._largest, *(resident / _MB for resident, _ in found)])
            self._together = max(self._together, sum(share for _, share in found) / _MB)


def _family(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            found += [int(child) for child in _text(path).split()]
    return found


def _memory(pid: int) -> tuple[int, int]:
    """Return what a process has in memory, and its share of that, in kB."""
    lines = [line.split() for line in _text(Path(f"/proc/{pid}/smaps_rollup")).splitlines()]
    sizes = {words[0]: int(words[1]) for words in lines if words[0] in {"Rss:", "Pss:"}}
    return sizes.get("Rss:", 0), sizes.get("Pss:", 0)


def _is_us(pid: int) -> bool:
    """True for a process that is still a copy of this one, and not yet the command."""
    return _text(Path(f"/proc/{pid}/cmdline")) == _text(Path("/proc/self/cmdline"))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:  # it has ended meanwhile
        return ""
