"""A browser as far as cookies go: HTTP and a Socket.IO connection that share a cookie store.

python-socketio's client with ``http_session`` sends the session's cookies with its handshake; what a
browser does beyond that is done here: keep the cookie of a WebSocket handshake, redeem tickets.
"""

from __future__ import annotations

import threading
from typing import Any

import requests
import socketio


class BrowserLike:
    """One browser with at most one open socket at a time."""

    def __init__(self, url: str, *, redeems: bool = True) -> None:
        self.url = url
        self.http = requests.Session()
        self.redeems = redeems
        self.tickets: list[str] = []
        self._connected = threading.Event()
        self.socket = self._client()

    def _client(self) -> socketio.Client:
        client = socketio.Client(http_session=self.http, reconnection=False)
        client.on("bridge:ticket", self._redeem)
        client.on("connected", lambda _hello: self._connected.set())
        return client

    def open(self) -> BrowserLike:
        """Connect by WebSocket and keep the browser id that the handshake sets."""
        self._connected.clear()
        auth = {"bridge": 1} if self.redeems else None
        self.socket.connect(self.url, auth=auth, transports=["websocket"])
        name, _, value = self.socket.eio.ws.getheaders().get("set-cookie", "").partition(";")[0].partition("=")
        if name:
            self.http.cookies.set(name, value)
        assert self._connected.wait(5)
        return self

    def reload(self) -> BrowserLike:
        """Close the socket and open another one with the cookies that the browser has now."""
        self.close()
        self.socket = self._client()
        return self.open()

    def close(self) -> None:
        """Close the socket; python-socketio waits seconds for a closing frame, which no test needs."""
        threading.Thread(target=self.socket.disconnect, daemon=True).start()

    def emit(self, event: str, *args: Any) -> dict[str, Any]:
        """Emit and return the ack."""
        answer = self.socket.call(event, args or None, timeout=10)
        assert isinstance(answer, dict)
        return answer

    def _redeem(self, ticket: str) -> None:
        self.tickets.append(ticket)
        self.http.post(f"{self.url}/socket.io/ticket", data=ticket, timeout=5)
