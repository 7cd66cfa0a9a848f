"""A client in Python that keeps its lists right by itself, by the rules of docs/live.md: gaps, beats, reconnects."""

from __future__ import annotations

import threading
import time
from typing import Any

import socketio

from tests.bridge.live.world import merged


class Keeper:
    """Lists by name; None where the server refuses. Everything that comes in is dealt with by one thread."""

    def __init__(self, url: str) -> None:
        self.lists: dict[str, Any] = {}
        self._at: dict[str, tuple[str, int, str]] = {}
        self._asking: dict[str, list[Any]] = {}
        self._wanted: set[str] = set()
        self._lock = threading.RLock()
        self._url = url
        self._is_closed = False
        self.socket: Any = None
        self.socket = self._connection()
        threading.Thread(target=self._stay_connected, daemon=True).start()

    def _connection(self) -> socketio.Client:
        """Connect anew. python-socketio's own way forgets to, where it is cut in the moment of success."""
        client = socketio.Client(reconnection=False)
        client.on("*", lambda event, *args: self._heard(event, *args) if client is self.socket else None)
        client.connect(self._url, transports=["websocket"], wait_timeout=2)
        return client

    def _stay_connected(self) -> None:
        while not self._is_closed:
            time.sleep(0.02)
            if not self.socket.connected:
                try:
                    self.socket = self._connection()
                except (socketio.exceptions.SocketIOError, OSError):
                    continue
                for name in list(self._wanted):
                    self._ask(name)

    def emit(self, event: str, *args: Any) -> Any:
        """Emit and return the ack."""
        return self.socket.call(event, args or None, timeout=2)

    def subscribe(self, name: str) -> None:
        """Keep a list from now on."""
        with self._lock:
            self._wanted.add(name)
        self._ask(name)

    def rows(self, name: str) -> Any:
        """Return a list as it is now."""
        with self._lock:
            return self.lists.get(name)

    def close(self) -> None:
        """Disconnect."""
        self._is_closed = True
        threading.Thread(target=self.socket.disconnect, daemon=True).start()

    def _ask(self, name: str) -> None:
        early: list[Any] = []
        with self._lock:
            self._asking[name] = early
            at = self._at.get(name)
            since = {"epoch": at[0], "v": at[1]} if at and self.lists.get(name) is not None else {}
        timer = threading.Timer(1.0, lambda: self._asking.get(name) is early and self._ask(name))
        timer.daemon = True
        timer.start()
        try:
            self.socket.emit(
                "subscribe", (name, {"deltas": True, **since}), callback=lambda ack: self._answer(name, early, ack)
            )
        except socketio.exceptions.SocketIOError:
            timer.cancel()  # the next connection asks again

    def _answer(self, name: str, early: list[Any], ack: Any) -> None:
        with self._lock:
            if self._asking.get(name) is not early:
                return
            del self._asking[name]
            if not ack["ok"]:
                self.lists[name] = None
                return
            meta = ack["meta"]
            if not meta["resumed"]:
                self.lists[name], self._at[name] = ack["data"], (meta["epoch"], meta["v"], meta["key"])
            is_whole = all(self._merge(name, change) for change in early)
        if not is_whole:
            self._ask(name)

    def _heard(self, event: str, *args: Any) -> None:
        missing: list[str] = []
        with self._lock:
            if event == "bridge:lost":
                self.lists[args[0]] = None
            elif event == "bridge:live":
                missing = [name for name, state in args[0].items() if self._is_behind(name, *state)]
            elif event in self._asking:
                self._asking[event].append(args[0])
            elif event in self._wanted and not self._merge(event, args[0]):
                missing = [event]
        for name in missing:
            self._ask(name)

    def _is_behind(self, name: str, epoch: str, v: int, _seen: int) -> bool:
        if name in self._asking:
            return False
        return self.lists.get(name) is None or self._at[name][0] != epoch or self._at[name][1] < v

    def _merge(self, name: str, change: Any) -> bool:
        """Take a change; False where one before it is missing."""
        epoch, v, key = self._at.get(name, ("", -1, "id"))
        if "prev" not in change:
            self.lists[name], self._at[name] = change["rows"], (change["epoch"], change["v"], key)
            return True
        if self.lists.get(name) is None or change["epoch"] != epoch or change["prev"] > v:
            return False
        if change["v"] > v:
            if change["prev"] != v:
                return False
            self.lists[name] = change["rows"] if "rows" in change else merged(self.lists[name], change, key)
            self._at[name] = (epoch, change["v"], key)
        return True
