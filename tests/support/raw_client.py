"""A WebSocket client that speaks Engine.IO and Socket.IO frame by frame, and breaks their rules when told to."""

from __future__ import annotations

import base64
import json
import os
import select
import socket
import struct
import time
import zlib
from typing import Any
from urllib.parse import urlsplit

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_DEFLATE = "permessage-deflate"


class Refused(Exception):  # noqa: N818 - what the server did, not a failure of the test
    """The server answered the WebSocket handshake with another status than 101."""


class Gone(Exception):  # noqa: N818 - as above
    """The server closed the connection."""


class RawClient:
    """One connection; ``acks`` collects every ACK packet as ``(namespace, id, arguments)``, in order."""

    def __init__(
        self, url: str, *, headers: dict[str, str] | None = None, deflate: bool = False, connect: str | None = "0"
    ) -> None:
        """Connect to ``/``; ``connect`` is the CONNECT packet to send, None for none."""
        self.acks: list[tuple[str, int, list[Any]]] = []
        self.heard: list[list[Any]] = []
        self.others: list[str] = []
        self._buffer = b""
        self._inflate = zlib.decompressobj(-15)
        parts = urlsplit(url)
        self.sock = socket.create_connection((parts.hostname, parts.port), timeout=10)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        fields = {
            "Host": parts.netloc,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Version": "13",
            **({"Sec-WebSocket-Extensions": _DEFLATE} if deflate else {}),
            **(headers or {}),
        }
        lines = ["GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", *(f"{k}: {v}" for k, v in fields.items())]
        self.sock.sendall("\r\n".join([*lines, "", ""]).encode())
        self.handshake = self._read_head()
        if not self.handshake.startswith("HTTP/1.1 101"):
            raise Refused(self.handshake.partition("\r\n")[0])
        self.deflates = _DEFLATE in self.handshake.lower()
        if connect is not None:
            self.send("4" + connect)
            self.wait(lambda: any(text.startswith(("40", "44")) for text in self.others))

    def _read_head(self) -> str:
        while b"\r\n\r\n" not in self._buffer:
            data = self.sock.recv(65536)
            if not data:
                break
            self._buffer += data
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        return head.decode("latin-1")

    # -- sending --------------------------------------------------------------------------------

    def frame(self, payload: bytes, opcode: int = TEXT, *, rsv1: bool = False, fin: bool = True) -> None:
        """Send one WebSocket frame, masked as a client must."""
        mask = b"\0\0\0\0"  # a mask of zeros leaves the payload as it is
        first = (0x80 if fin else 0) | (0x40 if rsv1 else 0) | opcode
        size = len(payload)
        if size < 126:
            head = struct.pack("!BB", first, 0x80 | size)
        elif size < 65536:
            head = struct.pack("!BBH", first, 0x80 | 126, size)
        else:
            head = struct.pack("!BBQ", first, 0x80 | 127, size)
        self.sock.sendall(head + mask + payload)

    def send(self, text: str) -> None:
        """Send an Engine.IO packet, such as ``42["event"]``."""
        self.frame(text.encode())

    def emit(self, ack_id: int | str, event: str, *args: Any, namespace: str = "") -> None:
        """Send an event that wants an ack."""
        self.send(f"42{namespace and namespace + ','}{ack_id}{json.dumps([event, *args])}")

    # -- reading --------------------------------------------------------------------------------

    def read_frame(self, timeout: float) -> tuple[int, bytes] | None:
        """Return the next (opcode, payload), None if none came in time; raises Gone at the end."""
        end = time.monotonic() + timeout
        while True:
            whole = self._take_frame()
            if whole is not None:
                return whole
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.sock], [], [], left)[0]:
                return None
            try:
                data = self.sock.recv(1 << 20)
            except ConnectionError as error:
                raise Gone(str(error)) from error
            if not data:
                raise Gone
            self._buffer += data

    def _take_frame(self) -> tuple[int, bytes] | None:
        data = self._buffer
        if len(data) < 2:
            return None
        opcode, size, start = data[0] & 0x0F, data[1] & 0x7F, 2
        if data[0] & 0x70 and not self.deflates:
            msg = f"a frame with reserved bits: {data[:16]!r}"
            raise ValueError(msg)
        if size >= 126:
            width = 2 if size == 126 else 8
            if len(data) < 2 + width:
                return None
            size, start = int.from_bytes(data[2 : 2 + width], "big"), 2 + width
        if len(data) < start + size:
            return None
        self._buffer = data[start + size :]
        payload = data[start : start + size]
        if data[0] & 0x40:
            payload = self._inflate.decompress(payload + b"\0\0\xff\xff")
        return opcode, payload

    def wait(self, until: Any, timeout: float = 8) -> None:
        """Read until ``until()`` is true; fails when the time is up."""
        end = time.monotonic() + timeout
        while not until():
            frame = self.read_frame(max(0.0, end - time.monotonic()))
            assert frame is not None, f"not heard in {timeout} s; so far {self.acks[-3:]} {self.others[-3:]}"
            self._sort(*frame)

    def listen(self, seconds: float) -> None:
        """Read whatever comes for so long."""
        end = time.monotonic() + seconds
        while (frame := self.read_frame(max(0.0, end - time.monotonic()))) is not None:
            self._sort(*frame)

    def _sort(self, opcode: int, payload: bytes) -> None:
        if opcode == CLOSE:
            raise Gone(payload[2:].decode(errors="replace"))
        text = payload.decode() if opcode == TEXT else ""
        if text == "2":
            self.send("3")
        elif text.startswith("43"):
            namespace, ack_id, values = _taken_apart(text[2:])
            self.acks.append((namespace, ack_id, values))
        elif text.startswith("42"):
            self.heard.append(_taken_apart(text[2:])[2])
        elif text:
            self.others.append(text)

    def ack(self, ack_id: int, timeout: float = 8) -> dict[str, Any]:
        """Wait for the ack with this number and return its one object."""
        self.wait(lambda: any(found == ack_id for _, found, _ in self.acks), timeout)
        values = next(values for _, found, values in self.acks if found == ack_id)
        assert len(values) == 1, values
        return values[0]  # type: ignore[no-any-return]

    def call(self, event: str, *args: Any, ack_id: int = 1, namespace: str = "") -> dict[str, Any]:
        """Emit and wait for the ack."""
        self.emit(ack_id, event, *args, namespace=namespace)
        return self.ack(ack_id)

    def close(self) -> None:
        """Cut the connection."""
        self.sock.close()


def _taken_apart(text: str) -> tuple[str, int, list[Any]]:
    namespace = "/"
    if text.startswith("/"):
        namespace, _, text = text.partition(",")
    start = text.index("[")
    values = json.loads(text[start:], parse_constant=_not_json)
    return namespace, int(text[:start] or -1), values


def _not_json(name: str) -> None:
    msg = f"{name} in a packet: a JavaScript client would drop the connection"
    raise ValueError(msg)
