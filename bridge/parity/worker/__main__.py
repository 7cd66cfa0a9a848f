"""Answers a run's questions, a line of JSON each, until standard input ends."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import IO, Any

from bridge.errors import BridgeError
from bridge.parity.worker.host import Host
from bridge.parity.worker.spec import Spec


def main() -> None:
    """Host the app that the first argument describes; what the app prints goes to standard error."""
    spec = Spec.from_json(sys.argv[1])
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        try:
            host = Host(spec)
        except BridgeError as error:
            _write(out, {"refused": str(error)})
            return
        _write(out, {"ready": host.hello()})
        questions: dict[str, Callable[..., Any]] = {
            "ask": host.ask,
            "open": host.open,
            "mark": host.mark,
            "restore": host.restore,
            "enter": host.enter,
            "learn": host.learn,
            "known": host.known,
        }
        for line in sys.stdin:
            do, *arguments = json.loads(line)
            _write(out, questions[do](*arguments))


def _write(out: IO[str], answer: Any) -> None:
    out.write(json.dumps(answer, default=_odd) + "\n")
    out.flush()


def _odd(value: Any) -> Any:
    """Return what JSON has no word for in a way that tells it from all others."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, set | frozenset):
        return sorted(map(repr, value))
    return {type(value).__name__: asdict(value) if hasattr(value, "__dataclass_fields__") else str(value)}


if __name__ == "__main__":
    main()
