"""The two clients that people use, behind one small interface: socket.io-client in Node, and python-socketio."""

from __future__ import annotations

import itertools
import json
import queue
import subprocess
import threading
from pathlib import Path
from typing import Any, Protocol

import socketio

from tests.support.node_packages import NODE, node

TIMEOUT = 15.0


class Client(Protocol):
    """A connected client."""

    def emit(self, event: str, *args: Any) -> Any:
        """Emit and return the one object that the ack carries; fails if there is none or more than one."""

    def connected(self) -> bool:
        """True while the connection that was opened first is still there."""

    def close(self) -> None:
        """Disconnect."""


class PythonClient:
    """python-socketio's client."""

    def __init__(self, url: str, **options: Any) -> None:
        self.heard: list[tuple[Any, ...]] = []
        self.socket = socketio.Client(reconnection=False)
        self.socket.on("*", lambda *args: self.heard.append(args))
        self.socket.connect(url, **{"transports": ["websocket"], "wait_timeout": TIMEOUT, **options})

    def emit(self, event: str, *args: Any) -> Any:
        return self.socket.call(event, args or None, timeout=TIMEOUT)

    def connected(self) -> bool:
        return self.socket.connected

    def close(self) -> None:
        # Not waited for: websocket-client's close() and its reader may wait 3 s for the same frame.
        threading.Thread(target=self.socket.disconnect, daemon=True).start()


class Node:
    """One Node process that runs all JavaScript clients of a test session, by the commands that a script knows."""

    def __init__(self, script: str = "driver.mjs", folder: Path = NODE) -> None:
        self._process = subprocess.Popen(
            [node(), script], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._numbers = itertools.count(1)
        self._answers: dict[int, queue.SimpleQueue[dict[str, Any]]] = {}
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            answer = json.loads(line)
            self._answers[answer["n"]].put(answer)

    def start(self, op: str, client: int, **values: Any) -> int:
        """Send a command and return its number."""
        number = next(self._numbers)
        self._answers[number] = queue.SimpleQueue()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"n": number, "op": op, "client": client, **values}) + "\n")
        self._process.stdin.flush()
        return number

    def answer(self, number: int) -> dict[str, Any]:
        """Wait for the answer to a command."""
        answer = self._answers[number].get(timeout=TIMEOUT + 5)
        del self._answers[number]
        return answer

    def do(self, op: str, client: int, **values: Any) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        return self.answer(self.start(op, client, **values))

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


class JavaScriptClient:
    """socket.io-client, the one that browsers use."""

    _ids = itertools.count(1)

    def __init__(self, node: Node, url: str, **options: Any) -> None:
        self._node, self._id = node, next(self._ids)
        opened = node.do("open", self._id, url=url, options=options)
        assert opened["connected"], opened

    def emit(self, event: str, *args: Any) -> Any:
        number = self._node.start("emit", self._id, event=event, args=args, timeout=TIMEOUT * 1000)
        answer = self._node.answer(number)
        assert "silent" not in answer, f"no ack for {event}"
        assert answer["calls"] == 1
        assert len(answer["acks"]) == 1, answer["acks"]
        return answer["acks"][0]

    def connected(self) -> bool:
        state = self._node.do("state", self._id)
        return bool(state["connected"]) and state["disconnects"] == []

    def heard(self) -> list[list[Any]]:
        """Return the events that the server pushed, in order."""
        return list(self._node.do("state", self._id)["heard"])

    def transport(self) -> str:
        """Return ``websocket`` or ``polling``."""
        return str(self._node.do("state", self._id)["transport"])

    def close(self) -> None:
        self._node.do("close", self._id)
