"""An app in a process of its own (`worker.py`), asked through the sides of `benchmarks.real_apps`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from benchmarks.native_handlers.database import Database
from benchmarks.real_apps.calls import Call, Routes, Side
from benchmarks.real_apps.sides import App, HTTPSide, SocketSide, copied

FRESH = "fresh"
EMPTY = "empty"
KEPT = "kept"


class Host:
    """A worker in a fresh copy of an app's folder."""

    def __init__(self, app: App, folder: Path, *, native: bool) -> None:
        self.folder = copied(app, folder)
        self.effects: dict[str, Any] = {}
        self._command = [sys.executable, "-m", f"{__package__}.worker", app.source, "native" if native else "alone"]
        self._environ = app.environ
        self._log = folder / "log"

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self.folder,
                env=self._environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
            )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: PT018 - pipes
        self._process.stdin.close()
        self._process.stdout.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def say(self, **request: Any) -> Any:
        """Send one request and return what comes back."""
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: PT018 - pipes
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            lines = self._log.read_text(errors="replace").strip().splitlines()
            raise RuntimeError(" ".join(lines[-2:]) or "the worker ended")
        return json.loads(line)

    def ask(self, **request: Any) -> Any:
        """Return the answer to a call; its effects are kept."""
        self.effects = self.say(**request)
        return self.effects.pop("answer")


@dataclass(frozen=True)
class _Response:
    status_code: int
    content: bytes
    headers: dict[str, str]


class HostSession:
    """Stands in for `requests.Session`."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def request(self, method: str, url: str, params: dict[str, Any], headers: dict[str, str], **more: Any) -> _Response:
        """Ask the app."""
        more.pop("timeout")
        answer = self._host.ask(method=method, path=url, query_string=params, headers=headers, **more)
        return _Response(answer["status"], answer["text"].encode(), {"content-type": answer["type"]})


class HostClient:
    """Stands in for `socketio.Client`."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def call(self, event: str, data: Any, timeout: int) -> Any:
        """Emit an event and return its ack."""
        arguments = list(data) if isinstance(data, tuple) else [] if data is None else [data]
        return self._host.ask(event=event, arguments=arguments)

    def disconnect(self) -> None:
        """Nothing is open."""


class Watched:
    """A side whose answers hold what the call did to the database too, and to the session where that can be seen."""

    def __init__(self, opened: Callable[[], Side], folder: Path, host: Host | None = None) -> None:
        """``opened`` makes a side that nobody has logged in on."""
        self._opened = opened
        self._host = host
        self._database = Database(folder)
        self._side: Any = None

    def answer(self, call: Call) -> dict[str, Any]:
        """Return the answer and the call's effects; the rows are put back unless the call's kind is KEPT.

        FRESH is a new browser on the first rows, EMPTY takes all rows away.
        """
        if call.kind in (FRESH, EMPTY):
            self._turn(call.kind)
            return {"status": 0, "ok": True, "data": None}
        answer: dict[str, Any] = self._side.answer(call)
        answer["rows"] = self._database.changes()
        if answer["rows"] and call.kind != KEPT:
            self._database.reset()
        return {**answer, **(self._host.effects if self._host else {})}

    def _turn(self, kind: str) -> None:
        if kind == EMPTY:
            self._database.clear()
        else:
            self.close()
            self._side = self._opened()
            self._database.reset()

    def close(self) -> None:
        """Close what the side has open."""
        if hasattr(self._side, "close"):
            self._side.close()


def alone(host: Host, app: App) -> Watched:
    """Return the side that asks a host by HTTP."""

    def opened() -> Side:
        host.say(ask="open")
        return HTTPSide("", app.bearer, HostSession(host))  # type: ignore[arg-type]

    return Watched(opened, host.folder, host)


def native(host: Host, app: App, routes: Routes) -> Watched:
    """Return the side that asks a host by events."""

    def opened() -> Side:
        host.say(ask="open")
        return SocketSide("", app, routes, HostClient(host))  # type: ignore[arg-type]

    return Watched(opened, host.folder, host)
