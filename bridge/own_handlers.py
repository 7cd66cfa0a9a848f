"""The handlers that an app registered with Flask-SocketIO itself: run as they were, but never without an ack."""

from __future__ import annotations

import json
import logging
from contextvars import Context
from typing import Any

from engineio.packet import MESSAGE, Packet

from bridge import wire
from bridge.ack import refusal
from bridge.peer import Peer
from bridge.workers import WorkerPool, run_safely

_logger = logging.getLogger("bridge")


class OwnHandlers:
    """Finds and runs them, on a pool of their own: one that loops must not keep workers from the routes."""

    def __init__(self, server: Any, pool: WorkerPool) -> None:
        self._server = server
        self._pool = pool

    def take(self, namespace: str, event: str, *, is_route: bool) -> bool:
        """True for an event with a handler of the app's own; a catch-all takes only what is no route."""
        server = self._server
        tables = [server.handlers.get(name, {}) for name in (namespace, "*")]
        classes = [server.namespace_handlers[n] for n in (namespace, "*") if n in server.namespace_handlers]
        if any(event in table for table in tables) or any(hasattr(one, f"on_{event}") for one in classes):
            return True
        return not is_route and (any("*" in table for table in tables) or any(map(_catches_all, classes)))

    def run(self, peer: Peer, sid: str, frame: wire.Frame) -> None:
        """Run the handler of an event that was admitted; ``sid`` is the client's in the frame's namespace."""
        start = self._pool.submit if self._server.async_handlers else run_safely
        start(lambda: Context().run(self._answer, peer, sid, frame))

    def _answer(self, peer: Peer, sid: str, frame: wire.Frame) -> None:
        try:
            result = self._server._trigger_event(frame.event, frame.namespace, sid, *frame.args)
            text, attachments = self._ack(frame, result)
        except BaseException as error:
            if type(error).__name__ == "GreenletExit":
                raise
            _logger.error("the handler of %r raised", frame.event, exc_info=error)
            text, attachments = wire.ack_text(frame.namespace, frame.id, refusal(500, "Internal Server Error")), []
        peer.flow.settle(text if frame.id else "", len(frame.text))
        for attachment in attachments if frame.id else []:
            self._server._send_eio_packet(peer.sid, Packet(MESSAGE, attachment))

    def _ack(self, frame: wire.Frame, result: Any) -> tuple[str, list[bytes]]:
        """Return the ack as python-socketio makes it, and the bytes behind it where the handler returned some."""
        if result == self._server.not_handled:
            sentence = f"there is no event {frame.event[:80]!r}"
            return wire.ack_text(frame.namespace, frame.id, refusal(404, sentence)), []
        values = [] if result is None else list(result) if isinstance(result, tuple) else [result]
        if frame.id and self._server.packet_class.data_is_binary(values):
            kind = int(wire.ACK)
            packet = self._server.packet_class(kind, data=values, namespace=frame.namespace, id=int(frame.id))
            text, *attachments = packet.encode()
            return text, attachments
        # Strict: NaN and values that JSON has not raise here, not in the sender.
        inside = json.dumps(values, allow_nan=False, separators=(",", ":"))[1:-1]
        return wire.ack_text(frame.namespace, frame.id, inside), []


def _catches_all(handler: Any) -> bool:
    """True for a class-based namespace that looks at events itself, in a ``trigger_event`` of its own."""
    module = type(handler).trigger_event.__module__
    return module.partition(".")[0] not in ("socketio", "flask_socketio")
