"""How much is under way for one client: events that wait for their ack, and packets that wait to be sent.

Engine.IO queues what a client does not read without any bound (stack-facts 19). Here an event counts
as under way until its ack is written to the client's socket, and the client's events wait while too
many answers do.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

Written = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one client.

    ``events`` may wait for their ack; their frames, and the packets that wait to be sent, may each
    have ``size`` characters.
    """

    events: int
    size: int


class Flow:
    """Counts for one client; safe to use from several threads."""

    def __init__(self, transmit: Callable[[str, Written], None], limits: Limits) -> None:
        """``transmit(packet, written)`` queues a packet and calls ``written`` when it goes out."""
        self._transmit = transmit
        self._limits = limits
        self._lock = threading.Lock()
        self._events = 0
        self._frames = 0
        self._queued = 0
        self._outbound = 0
        self.on_room: Callable[[], None] = lambda: None

    @property
    def in_flight(self) -> int:
        """The number of events that were taken in and whose ack is not yet written."""
        return self._events

    @property
    def congested(self) -> bool:
        """True while so much waits to be sent that no further answer should be made."""
        return self._outbound > self._limits.size

    @property
    def overrun(self) -> bool:
        """True where a client goes on sending without reading: even refusals to it pile up."""
        return self._queued > 2 * self._limits.events

    def admit(self, size: int) -> bool:
        """Count one more event, its frame of ``size`` characters; False where that would pass a limit."""
        with self._lock:
            if self._events >= self._limits.events or self._frames > self._limits.size:
                return False
            self._events += 1
            self._frames += size
            return True

    def settle(self, packet: str, size: int, sent: Written | None = None) -> None:
        """Send the ack of an event that was admitted with ``size``; "" where its sender wants none.

        ``sent`` is called when it goes out, or now where there is none.
        """

        def settled() -> None:
            self._settled(size)
            if sent is not None:
                sent()

        if packet:
            self.send(packet, settled)
        else:
            settled()

    def send(self, packet: str, written: Written = lambda: None) -> None:
        """Send a packet; ``written`` is called when it goes out."""
        with self._lock:
            self._queued += 1
            self._outbound += len(packet)

        def went_out() -> None:
            with self._lock:
                was_congested = self.congested
                self._queued -= 1
                self._outbound -= len(packet)
                has_room = was_congested and not self.congested
            written()
            if has_room:
                self.on_room()

        self._transmit(packet, went_out)

    def _settled(self, size: int) -> None:
        with self._lock:
            self._events -= 1
            self._frames -= size
