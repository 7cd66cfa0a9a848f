"""Who is compared: each contender is a server process and a Node client that stays connected to it."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks.app import expected
from benchmarks.processes import BenchmarkError, Child

HERE = Path(__file__).resolve().parent
#: Payloads and how the report writes them; ``clients/turn.mjs`` has the same names.
PAYLOADS = {"empty": "empty", "one_row": "1 row", "rows_50": "50 rows", "rows_1000": "1,000 rows"}
IN_FLIGHT = (1, 20)


@dataclass(frozen=True, slots=True)
class Contender:
    """A column of the report: the kind of its server, its client script, and whether it offers compression."""

    name: str
    server: str
    client: str
    deflate: bool = False
    says: str = ""


CONTENDERS = (
    Contender("fetch", "http", "fetch.mjs", says="Node's fetch, keep-alive, to the Flask-RESTful app over HTTP/1.1"),
    Contender(
        "handler",
        "handler",
        "socketio.mjs",
        deflate=True,
        says="hand-written event handlers, same query and schema, on stock Flask-SocketIO with default settings",
    ),
    Contender(
        "handler-nodeflate",
        "handler-whole",
        "socketio.mjs",
        says="the same with a client that does not offer permessage-deflate, and with simple-websocket's `send` "
        "repaired: as shipped, long uncompressed answers arrive cut off under gevent",
    ),
    Contender(
        "bridge",
        "bridge",
        "socketio.mjs",
        deflate=True,
        says="`Bridge(app, socketio)` on the Flask-RESTful app of `fetch`, Resources as they are",
    ),
    Contender(
        "echo",
        "echo",
        "echo.mjs",
        says="a bare WebSocket on the same web server that sends a prepared text of the same size: the limit",
    ),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one contender did in one turn; times in seconds, ``server_cpu`` and ``client_cpu`` in all."""

    count: int
    seconds: float
    p50: float
    p99: float
    server_cpu: float
    client_cpu: float

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.count / self.seconds

    @property
    def cpu(self) -> float:
        """Server CPU seconds per answer."""
        return self.server_cpu / self.count


class Running:
    """A contender that is up: ask it for turns."""

    def __init__(self, contender: Contender, server: Child, client: Child) -> None:
        self.contender = contender
        self._server = server
        self._client = client

    def turn(self, payload: str, in_flight: int, seconds: float) -> Turn:
        """Keep ``in_flight`` calls going for ``seconds``."""
        before = self._server.ask("cpu")["cpu"]
        done = self._client.ask(f"run {payload} {in_flight} {seconds}", timeout=seconds + 60)
        after = self._server.ask("cpu")["cpu"]
        return Turn(done["count"], done["seconds"], done["p50"], done["p99"], after - before, done["cpu"])

    def verify(self, payload: str) -> dict[str, Any]:
        """Return one answer in full; raises BenchmarkError if it is not the expected one."""
        answer = self._client.ask(f"check {payload}")
        if answer.get("ok") is not True or answer.get("data") != expected(payload):
            msg = f"{self.contender.name}: wrong answer to {payload}: {json.dumps(answer)[:200]}"
            raise BenchmarkError(msg)
        return answer


@contextmanager
def started(contender: Contender, mode: str, folder: Path) -> Iterator[Running]:
    """Run a contender's two processes; ``folder`` takes its database and logs."""
    name, base = contender.name, folder / f"{mode}-{contender.name}"
    command = [sys.executable, "-m", "benchmarks.servers", contender.server, mode, f"{base}.db"]
    with Child(f"{mode}, {name} server", command, Path(f"{base}-server.log")) as server:
        port = server.read()["port"]
        await_port(server, port)
        settings = json.dumps({"url": f"http://127.0.0.1:{port}", "deflate": contender.deflate})
        script = ["node", str(HERE / "clients" / contender.client), settings]
        with Child(f"{mode}, {name} client", script, Path(f"{base}-client.log")) as client:
            client.read()
            yield Running(contender, server, client)


def await_port(server: Child, port: int, patience: float = 30) -> None:
    """Wait until the server accepts connections; asking for its CPU time shows whether it is still alive."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        server.ask("cpu")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    msg = f"{server.name}: does not listen after {patience:.0f} s"
    raise BenchmarkError(msg)


def install_clients() -> None:
    """Install the clients' packages where they are not there yet."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            msg = f"{program} is not on the PATH; the clients of the benchmark need Node 18 or newer with npm"
            raise BenchmarkError(msg)
    if (HERE / "node_modules" / "socket.io-client").exists():
        return
    click.echo("installing the Node clients' packages: npm ci in benchmarks/", err=True)
    done = subprocess.run(["npm", "ci", "--silent"], cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no output"])[-1]
        msg = f"npm ci in benchmarks/ failed: {last}"
        raise BenchmarkError(msg)
