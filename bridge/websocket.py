"""The WebSocket of threading and gevent mode, with the limits that python-engineio leaves out."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Callable
from typing import Any

import simple_websocket
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Event
from wsproto.extensions import Extension, PerMessageDeflate

_RECEIVE_BYTES = 65536


class _Handshake(WSConnection):
    """A server-side WebSocket that answers the handshake with our headers and extensions."""

    def __init__(self, *, compress: bool, headers: list[tuple[bytes, bytes]]) -> None:
        super().__init__(ConnectionType.SERVER)
        self._compress = compress
        self._headers = headers

    def send(self, event: Event) -> bytes:
        if isinstance(event, AcceptConnection):
            extensions: list[Extension] = [PerMessageDeflate()] if self._compress else []
            event = dataclasses.replace(event, extensions=extensions, extra_headers=self._headers)
        return super().send(event)


class BoundedServer(simple_websocket.Server):  # type: ignore[misc]
    """simple-websocket's server with a size limit that holds, and without compression unless asked for."""

    def __init__(self, environ: dict[str, Any], *, compress: bool, **options: Any) -> None:
        self._compress = compress
        super().__init__(environ, **options)

    def handshake(self) -> None:
        """Accept the WebSocket; give a new browser its id (see bridge.browsers)."""
        cookie = self.environ.get("bridge.set_cookie")
        headers = [(b"set-cookie", cookie.encode("latin-1"))] if cookie else []
        self.ws = _Handshake(compress=self._compress, headers=headers)
        # Small acks must not wait for the client's delayed TCP acknowledgement of the one before (40 ms).
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().handshake()

    def send(self, data: str | bytes) -> None:
        """Send a message whole: ``socket.send`` may take a part of a large one, under gevent above all."""
        if not self.connected:
            raise simple_websocket.ConnectionClosed(self.close_reason, self.close_message)
        event = simple_websocket.ws.Message(data=data) if isinstance(data, bytes) else None
        self.sock.sendall(self.ws.send(event or simple_websocket.ws.TextMessage(data=data)))

    def _thread(self) -> None:
        """Read until the end, then wake the receiver, which otherwise waits for ever behind a refused frame."""
        try:
            super()._thread()
        finally:
            self.connected = False
            self.event.set()


def bounded_websocket(stock: type[Any], *, max_message_size: int, compress: bool) -> Callable[..., Any]:
    """Return the ``websocket`` entry of an Engine.IO async driver, with a bound on a message's size.

    ``stock`` is the entry that it replaces: a subclass of python-engineio's SimpleWebSocketWSGI.
    """

    class BoundedWebSocket(stock):  # type: ignore[misc]
        def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
            self.ws = BoundedServer(
                environ,
                compress=compress,
                max_message_size=max_message_size,
                receive_bytes=_RECEIVE_BYTES,
                **self.server_args,
            )
            result = self.app(self)
            if self.ws.mode == "gunicorn":
                raise StopIteration
            if self.ws.mode == "werkzeug":
                raise ConnectionError
            return result

        def send(self, message: str | bytes) -> None:
            try:
                self.ws.send(message)
            except simple_websocket.ConnectionClosed as error:
                raise OSError from error

    return BoundedWebSocket
