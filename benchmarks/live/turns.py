"""One turn: so many writes with so many subscribers, and what each write cost."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contenders import HERE, await_port
from benchmarks.processes import Child
from benchmarks.servers import HOST

WRITES = {"broadcast": 3, "watched": 10, "rows": 40}


@dataclass(frozen=True, slots=True)
class Case:
    """A way to keep subscribers up to date, the rows of its table, and how many subscribers there are."""

    kind: str
    rows: int
    subscribers: int


@dataclass(frozen=True, slots=True)
class Turn:
    """Per write: server CPU in seconds, bytes that one subscriber was sent, and from the ack to the frames, in ms.

    ``last_p50`` and ``last_p99`` are of the last subscriber of each write; a negative one came before the ack.
    """

    cpu: float
    bytes: float
    p50: float
    last_p50: float
    last_p99: float


@contextmanager
def running(case: Case, mode: str) -> Iterator[tuple[Child, Child]]:
    """Run a server and its subscribers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = [
            sys.executable,
            "-m",
            "benchmarks.live.server",
            case.kind,
            mode,
            str(folder / "live.db"),
            str(case.rows),
        ]
        with Child(f"{case} server", server, folder / "server.log") as served:
            port = served.read()["port"]
            await_port(served, port)
            client = ["node", str(HERE / "clients" / "live.mjs"), f"http://{HOST}:{port}", str(case.subscribers)]
            with Child(f"{case} clients", client, folder / "clients.log") as clients:
                clients.read(600)
                yield served, clients


def turn(case: Case, served: Child, clients: Child) -> Turn:
    """Take a turn."""
    writes = WRITES[case.kind]
    before = served.ask("cpu")["cpu"]
    done = clients.ask(json.dumps({"writes": writes}), timeout=300)
    cpu = (served.ask("cpu")["cpu"] - before) / writes
    latencies = done["last"]
    each = [latencies[at : at + case.subscribers] for at in range(0, len(latencies), case.subscribers)]
    last = sorted(max(one) for one in each)
    return Turn(
        cpu, done["bytes"], statistics.median(latencies), statistics.median(last), last[int(0.99 * (len(last) - 1))]
    )
