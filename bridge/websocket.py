"""The WebSocket of threading and gevent mode, with the limits that python-engineio leaves out."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import threading
from collections.abc import Callable
from typing import Any

import simple_websocket
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Event
from wsproto.extensions import Extension, PerMessageDeflate

# What is read at once is inflated at once, up to a thousandfold, before its size can be looked at.
_RECEIVE_BYTES = 65536
_RECEIVE_DEFLATED_BYTES = 4096
_UNREAD_MESSAGES = 64


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

    sock: Any

    def __init__(self, environ: dict[str, Any], *, compress: bool, **options: Any) -> None:
        self._compress = compress
        self._room = options.get("event_class", threading.Event)()
        self._is_gevent = "event_class" in options
        super().__init__(environ, **options)

    def handshake(self) -> None:
        """Accept the WebSocket; give a new browser its id (see bridge.browsers)."""
        cookie = self.environ.get("bridge.set_cookie")
        headers = [(b"set-cookie", cookie.encode("latin-1"))] if cookie else []
        self.ws = _Handshake(compress=self._compress, headers=headers)
        # Small acks must not wait for the client's delayed TCP acknowledgement of the one before (40 ms).
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = _WholeSends(self.sock, is_gevent=self._is_gevent)
        super().handshake()

    def receive(self, timeout: float | None = None) -> Any:
        """Return the next message and let the reader go on."""
        message = super().receive(timeout)
        self._room.set()
        return message

    def _handle_events(self) -> bool:
        """Take in what was read; stop reading from the network while too much of it is unused."""
        going_on = bool(super()._handle_events())
        while going_on and self.connected and len(self.input_buffer) > _UNREAD_MESSAGES:
            self._room.wait(1)
            self._room.clear()
        return going_on

    def send(self, data: str | bytes) -> None:
        """Send a message whole: ``socket.send`` may take a part of a large one, under gevent above all."""
        if not self.connected:
            raise simple_websocket.ConnectionClosed(self.close_reason, self.close_message)
        event = simple_websocket.ws.Message(data=data) if isinstance(data, bytes) else None
        self.sock.send(self.ws.send(event or simple_websocket.ws.TextMessage(data=data)))

    def abort(self) -> None:
        """End the connection without a word; wakes a writer that waits for the client to read."""
        self.connected = False
        self.event.set()
        self._room.set()
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def _thread(self) -> None:
        """Read until the end, then wake the receiver, which otherwise waits for ever behind a refused frame."""
        try:
            super()._thread()
        finally:
            self.connected = False
            self.event.set()


class _WholeSends:
    """A socket whose ``send`` sends everything, and never amid what another thread is sending.

    simple-websocket answers pings in its reader while the writer may be within a large message.
    """

    def __init__(self, sock: Any, *, is_gevent: bool) -> None:
        self._sock = sock
        self._lock = _gevent_lock() if is_gevent else threading.Lock()

    def send(self, data: bytes) -> int:
        with self._lock:
            self._sock.sendall(data)
        return len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


def _gevent_lock() -> Any:
    """Return a lock that lets other greenlets run; threading's does so only where it is patched."""
    from gevent.lock import BoundedSemaphore

    return BoundedSemaphore(1)


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
                receive_bytes=_RECEIVE_DEFLATED_BYTES if compress else _RECEIVE_BYTES,
                **self.server_args,
            )
            # ``app`` is a method of the Engine.IO socket: the one way to find the WebSocket from there.
            self.app.__self__.bridge_websocket = self.ws
            result = self.app(self)
            if self.ws.mode == "gunicorn":
                raise StopIteration
            if self.ws.mode == "werkzeug":
                raise ConnectionError
            return result

        def wait(self) -> Any:
            if self.app.__self__.closed:  # by the server: the client may never read, nor close
                self.ws.abort()
                return None
            return super().wait()

        def send(self, message: str | bytes) -> None:
            try:
                self.ws.send(message)
            except simple_websocket.ConnectionClosed as error:
                raise OSError from error

    return BoundedWebSocket
