"""One Engine.IO connection, as the gateway sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engineio.packet import MESSAGE, Packet

from bridge.connection import Connection
from bridge.flow import Flow, Written
from bridge.wire import Header


@dataclass(eq=False, slots=True)
class Binary:
    """A binary event whose attachments are still coming; ``packet`` is None where they are for nobody."""

    header: Header
    left: int
    packet: Any = None

    def add(self, data: bytes) -> bool:
        """Take one attachment in; False where a placeholder of the packet points nowhere."""
        self.left -= 1
        if self.packet is None:
            return True
        try:
            self.packet.add_attachment(data)
        except (IndexError, TypeError, ValueError):
            return False
        return True


@dataclass(eq=False, slots=True)
class Peer:
    """Its flow, its connection to the default namespace if it has one, a binary event in the making."""

    sid: str
    flow: Flow
    connection: Connection | None = None
    binary: Binary | None = None
    is_cut: bool = False


class Outbound(Packet):  # type: ignore[misc]
    """A Socket.IO packet that tells when the connection's writer takes it."""

    def __init__(self, text: str, written: Written) -> None:
        super().__init__(MESSAGE, text)
        self._written: Written | None = written

    def encode(self, b64: bool = False) -> Any:
        """Return what goes over the wire; Engine.IO calls this just before it sends."""
        encoded = super().encode(b64)
        written, self._written = self._written, None
        if written is not None:
            written()
        return encoded
