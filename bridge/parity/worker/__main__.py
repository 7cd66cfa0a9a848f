"""Answers a run's questions, a line of JSON each, until standard input ends."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import IO, Any

from bridge.errors import BridgeError
from bridge.parity.worker.host import Host
from bridge.parity.worker.playing import Leader, follow
from bridge.parity.worker.spec import Spec

_HELD_BACK = 0.5
"""Seconds that lines are held back for at most while none takes long: each that is sent wakes the run."""


def main() -> None:
    """Host the app that the first argument describes; what the app prints goes to standard error."""
    spec = Spec.from_json(sys.argv[1])
    with os.fdopen(os.dup(1), "w", 1 << 20, encoding="utf-8") as out:
        os.dup2(2, 1)
        lines = Lines(out)
        try:
            host = Host(spec)
        except BridgeError as error:
            lines.answer({"refused": str(error)})
            return
        lines.answer({"ready": host.hello()})
        leader = Leader(host)
        questions: dict[str, Callable[..., Any]] = {
            "open": host.open,
            "mark": host.mark,
            "enter": host.enter,
            "learn": host.learn,
            "known": host.known,
        }
        plays: dict[str, Callable[..., Iterator[Any]]] = {
            "lead": leader.lead,
            "follow": lambda script: follow(host, script),
        }
        for line in sys.stdin:
            do, *arguments = json.loads(line)
            if do in plays:
                is_careful, *arguments = arguments
                lines.stream(plays[do](*arguments), is_careful=is_careful)
            else:
                lines.answer(questions[do](*arguments))


class Lines:
    """What is written for the run to read."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._encode = json.JSONEncoder(default=_odd).encode

    def answer(self, value: Any) -> None:
        """Write one answer."""
        self._write(value)
        self._out.flush()

    def stream(self, values: Iterator[Any], *, is_careful: bool) -> None:
        """Write values as they come, but for None, and ``null`` after the last; each at once where it is careful."""
        flushed = time.perf_counter()  # the clock that does not stand still
        for value in values:
            if value is not None:
                self._write(value)
            if is_careful or time.perf_counter() - flushed > _HELD_BACK:
                self._out.flush()
                flushed = time.perf_counter()
        self.answer(None)

    def _write(self, value: Any) -> None:
        self._out.write(self._encode(value) + "\n")


def _odd(value: Any) -> Any:
    """Return what JSON has no word for in a way that tells it from all others."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, set | frozenset):
        return sorted(map(repr, value))
    return {type(value).__name__: asdict(value) if hasattr(value, "__dataclass_fields__") else str(value)}


if __name__ == "__main__":
    main()
