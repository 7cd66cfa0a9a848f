"""Runs front ends in one Node process beside the real server, and passes on between the two."""

from __future__ import annotations

import itertools
import json
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bridge
from bridge.events import EventMap
from tests.codemods.behaviour.answers import Circumstance
from tests.codemods.behaviour.server import Gates, nobody, running
from tests.support.node_packages import NODE, node

_CLIENT = Path(bridge.__file__).parent / "client" / "socket.js"

Log = list[list[Any]]


@dataclass(frozen=True)
class FrontEnd:
    """Source to run: ``files`` by path, the one that starts, and the page that it is shown on."""

    files: dict[str, str]
    entry: str
    page: str = "/"


class Driver:
    """The Node process; ``run`` gives the log of each front end in its circumstances."""

    def __init__(self, url: str, dead: str, events: EventMap, gates: Gates) -> None:
        self._urls = {"answered": url, "cut": url, "refused": dead}
        self._events = [
            {"event": one.event, "method": one.method, "rule": one.rule, "live": one.live} for one in events
        ]
        self._gates = gates
        self._numbers = itertools.count(1)
        self._done: dict[str, dict[str, Any]] = {}
        self._news = threading.Condition()
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [node(), str(NODE / "behaviour" / "driver.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        gates.on_asked = lambda asked: self._say({"asked": asked})
        threading.Thread(target=self._read, daemon=True).start()

    def run(self, jobs: Sequence[tuple[FrontEnd, Circumstance]]) -> list[Log]:
        """Return the log of each job; they run side by side. Raises AssertionError where one hangs."""
        ids = [str(next(self._numbers)) for _ in jobs]
        for number, (front_end, circumstance) in zip(ids, jobs, strict=True):
            task = {
                "id": number,
                "files": front_end.files,
                "entry": front_end.entry,
                "page": front_end.page,
                "client": str(_CLIENT),
                "events": self._events,
                "server": self._urls[circumstance.mode],
                **circumstance.to_task(),
            }
            self._say({"task": task})
        with self._news:
            self._news.wait_for(lambda: self._process.poll() is not None or all(one in self._done for one in ids))
        assert self._process.poll() is None, "Node ended"
        return [self._log(number) for number in ids]

    def _log(self, number: str) -> Log:
        done = self._done.pop(number)
        assert "log" in done, done["failed"]
        log: Log = done["log"]
        return log

    def _say(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        with self._lock:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            message = json.loads(line)
            if "release" in message:
                self._gates.release(message["release"], message["answer"])
                continue
            self._gates.end(message["done"])
            with self._news:
                self._done[message["done"]] = message
                self._news.notify_all()
        with self._news:
            self._news.notify_all()

    def close(self) -> None:
        """End Node, which ends when nobody speaks to it any more."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


@contextmanager
def driving(events: EventMap) -> Iterator[Driver]:
    """Give a driver with its server; both end with the block."""
    gates = Gates()
    with running(events, gates) as url, nobody() as dead:
        driver = Driver(url, dead, events, gates)
        try:
            yield driver
        finally:
            driver.close()
