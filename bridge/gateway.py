"""Stands between Engine.IO and python-socketio and answers the events of the event map itself.

python-socketio offers no way to answer an unknown event, a raising handler or a late one, and starts
a thread for each event (stack-facts 1, 14, 18, 19). The seam is one method: every Socket.IO packet
comes in by ``Server._handle_eio_message``. What is not for the bridge goes on to it unchanged.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from typing import Any

import orjson
from engineio.packet import MESSAGE, Packet

from bridge import wire
from bridge.ack import refusal
from bridge.call import Route
from bridge.connection import Connection
from bridge.dispatch import Environ
from bridge.errors import BridgeError
from bridge.flow import Flow, Limits, Written
from bridge.naming import RESERVED
from bridge.workers import Inline, WorkerPool

_logger = logging.getLogger("bridge")
_SEAM = ("_handle_eio_message", "_handle_eio_disconnect", "_send_eio_packet", "_trigger_event")

Lookup = Callable[[str], "tuple[Route, object] | None"]
Open = Callable[[Environ, Flow, bool], Connection]

#: Reserved as names of routes; a handler of the app's own may still listen to them.
_APPS_OWN = frozenset({"message", "json", "error", "connected", "subscribe", "unsubscribe"})


@dataclass(eq=False, slots=True)
class _Peer:
    """One Engine.IO connection: its flow, its connection to the default namespace, a binary event in the making."""

    sid: str
    flow: Flow
    connection: Connection | None = None
    binary: _Binary | None = None
    is_cut: bool = False


@dataclass(eq=False, slots=True)
class _Binary:
    """A binary event whose attachments are still coming; ``packet`` is None where they are for nobody."""

    header: wire.Header
    left: int
    packet: Any = None


class Gateway:
    """Reads the packets of all connections of one Socket.IO server."""

    def __init__(
        self,
        server: Any,
        *,
        prepare: Callable[[], None],
        lookup: Lookup,
        open_connection: Open,
        own_pool: WorkerPool,
        limits: Limits,
    ) -> None:
        """``prepare`` raises where the bridge is not set up right; ``lookup(event)`` gives route and handler.

        ``own_pool`` runs the handlers that the app registered with Flask-SocketIO itself; ``limits`` hold
        for each connection.
        """
        missing = [name for name in _SEAM if not hasattr(server, name)]
        if missing:
            msg = f"this python-socketio has no {missing[0]}; install a version that fetch2socket was tested with"
            raise BridgeError(msg)
        self._server = server
        self._prepare = prepare
        self._lookup = lookup
        self._open = open_connection
        self._own_pool = own_pool
        self._limits = limits
        self._peers: dict[str, _Peer] = {}
        self._pass_on = server._handle_eio_message
        self._pass_on_disconnect = server._handle_eio_disconnect
        # Once for Engine.IO, once for Flask-SocketIO's test client, which calls the method by name.
        server._handle_eio_message = self.receive
        server.eio.on("message", self.receive)
        server.eio.on("disconnect", self.disconnected)

    def receive(self, eio_sid: str, data: str | bytes) -> None:
        """Take one Socket.IO packet: called in the connection's reader, so it must not wait."""
        peer = self._peers.get(eio_sid) or self._new_peer(eio_sid)
        if peer.flow.overrun:
            self._cut(peer)
        elif isinstance(data, bytes):
            self._attachment(peer, data)
        else:
            if peer.binary is not None:
                self._give_up(peer, "the message lacks attachments that it announced")
            self._text(peer, data)

    def disconnected(self, eio_sid: str, *reason: Any) -> None:
        """Forget a connection; what it has in flight is still carried out, as HTTP would."""
        peer = self._peers.pop(eio_sid, None)
        if peer is not None:
            self._leave(peer)
        self._pass_on_disconnect(eio_sid, *reason)

    def _new_peer(self, eio_sid: str) -> _Peer:
        peer = _Peer(eio_sid, Flow(lambda packet, written: self._transmit(eio_sid, packet, written), self._limits))
        self._peers[eio_sid] = peer
        return peer

    def _text(self, peer: _Peer, data: str) -> None:
        kind = data[:1]
        if kind == wire.EVENT:
            self._event(peer, data)
        elif kind in (wire.BINARY_EVENT, wire.BINARY_ACK):
            self._announced(peer, data)
        elif kind == wire.CONNECT:
            self._connect(peer, data)
        else:
            if kind == wire.DISCONNECT and wire.plain_namespace(data[1:].rstrip(",") or "/") == "/":
                self._leave(peer)
            self._pass_on(peer.sid, data)

    # -- connecting ---------------------------------------------------------------------------

    def _connect(self, peer: _Peer, data: str) -> None:
        namespace, auth = _read_connect(data)
        if auth is None or self._is_connected(peer, namespace):
            # A handler that stumbles over odd auth is called again without it and may let the client
            # in (stack-facts 18); a second CONNECT would run the connect handlers once more.
            self._refuse_connection(peer, namespace, "auth is an object, and CONNECT is sent once")
        elif namespace != "/":
            self._pass_on(peer.sid, data)
        elif self._is_ready():
            self._pass_on(peer.sid, data)
            if self._is_connected(peer, "/"):
                self._welcome(peer, auth)
        else:
            self._refuse_connection(peer, namespace, "the server is not set up right; its log says why")

    def _is_ready(self) -> bool:
        try:
            self._prepare()
        except BridgeError:
            _logger.exception("no client can connect")
            return False
        return True

    def _is_connected(self, peer: _Peer, namespace: str) -> bool:
        sid = self._server.manager.sid_from_eio_sid(peer.sid, namespace)
        return sid is not None and bool(self._server.manager.is_connected(sid, namespace))

    def _refuse_connection(self, peer: _Peer, namespace: str, sentence: str) -> None:
        message = json.dumps({"message": sentence})
        peer.flow.send(f"{wire.CONNECT_ERROR}{wire.namespace_prefix(namespace)}{message}")

    def _welcome(self, peer: _Peer, auth: dict[str, Any]) -> None:
        """Take in a client whom the app's connect handler accepted."""
        connection = self._open(self._server.environ[peer.sid], peer.flow, not self._server.async_handlers)
        connection.sid = self._server.manager.sid_from_eio_sid(peer.sid, "/")
        connection.redeems_tickets = auth.get("bridge") == 1
        peer.connection = connection
        if "connect" not in self._server.handlers.get("/", {}):
            size = self._server.eio.max_http_buffer_size
            hello = {"data": f"id: {connection.sid} is connected", "maxPayload": size}
            peer.flow.send(wire.event_text("connected", hello))

    def _leave(self, peer: _Peer) -> None:
        connection, peer.connection = peer.connection, None
        if connection is not None:
            connection.closed()

    # -- events -------------------------------------------------------------------------------

    def _event(self, peer: _Peer, data: str) -> None:
        header = wire.read_header(data)
        if header is not None and header.type == wire.EVENT and not header.attachments:
            self._frame(peer, wire.read_event(data, header), header)

    def _frame(self, peer: _Peer, frame: wire.Frame, header: wire.Header) -> None:
        if frame.problem or frame.event in RESERVED - _APPS_OWN:
            self._refuse(peer, header, 400, frame.problem or f"{frame.event!r} is a reserved event name")
        elif self._is_apps_own(frame.namespace, frame.event):
            self._own_event(peer, frame, header)
        elif frame.namespace != "/" or self._lookup(frame.event) is None:
            self._refuse(peer, header, 404, f"there is no event {frame.event[:80]!r} in {frame.namespace[:80]}")
        else:
            self._bridged_event(peer, frame, header)

    def _bridged_event(self, peer: _Peer, frame: wire.Frame, header: wire.Header) -> None:
        connection = peer.connection
        if connection is None or not self._server.manager.is_connected(connection.sid, "/"):
            return  # not connected to this namespace: the protocol knows no answer here
        found = self._lookup(frame.event)
        if found is None or not peer.flow.admit(len(frame.text)):
            self._refuse(peer, header, 429, "too many events in flight; wait for acks")
        else:
            route, native = found
            run = connection.lane.write if route.writes else connection.lane.read
            run(lambda: connection.answer(frame, route, native))

    # -- handlers that the app registered with Flask-SocketIO itself ----------------------------

    def _is_apps_own(self, namespace: str, event: str) -> bool:
        """True for an event with a handler of the app's own; a catch-all takes only what is no route."""
        server = self._server
        tables = [server.handlers.get(name, {}) for name in (namespace, "*")]
        classes = [server.namespace_handlers[n] for n in (namespace, "*") if n in server.namespace_handlers]
        if any(event in table for table in tables) or any(hasattr(one, f"on_{event}") for one in classes):
            return True
        is_route = namespace == "/" and self._lookup(event) is not None
        return not is_route and (any("*" in table for table in tables) or any(map(_catches_all, classes)))

    def _own_event(self, peer: _Peer, frame: wire.Frame, header: wire.Header) -> None:
        if not self._is_connected(peer, frame.namespace):
            return
        if not peer.flow.admit(len(frame.text)):
            self._refuse(peer, header, 429, "too many events in flight; wait for acks")
            return
        sid = self._server.manager.sid_from_eio_sid(peer.sid, frame.namespace)
        run = self._own_pool.submit if self._server.async_handlers else Inline().read
        run(lambda: Context().run(self._run_own, peer, sid, frame))

    def _run_own(self, peer: _Peer, sid: str, frame: wire.Frame) -> None:
        """Run an app's own handler as python-socketio does, but never leave it without an ack."""
        server = self._server
        try:
            result = server._trigger_event(frame.event, frame.namespace, sid, *frame.args)
            packets = self._own_ack(frame, result) if frame.id else []
        except BaseException as error:
            if type(error).__name__ == "GreenletExit":
                raise
            _logger.error("the handler of %r raised", frame.event, exc_info=error)
            text = refusal(500, "Internal Server Error")
            packets = [wire.ack_text(frame.namespace, frame.id, text)] if frame.id else []
        if packets and isinstance(packets[0], str):
            peer.flow.settle(packets[0], len(frame.text))
        else:
            peer.flow.settle("", len(frame.text))
        for packet in packets[1:]:
            server._send_eio_packet(peer.sid, Packet(MESSAGE, packet))

    def _own_ack(self, frame: wire.Frame, result: Any) -> list[Any]:
        """Return the packets of an ack: one text, and bytes behind it where the handler returned some."""
        if result == self._server.not_handled:
            return [wire.ack_text(frame.namespace, frame.id, refusal(404, f"there is no event {frame.event[:80]!r}"))]
        values = [] if result is None else list(result) if isinstance(result, tuple) else [result]
        if self._server.packet_class.data_is_binary(values):
            kind = int(wire.ACK)
            packet = self._server.packet_class(kind, data=values, namespace=frame.namespace, id=int(frame.id))
            return list(packet.encode())
        # Strict: NaN and values that JSON has not raise here, not in the sender.
        text = json.dumps(values, allow_nan=False, separators=(",", ":"))[1:-1]
        return [wire.ack_text(frame.namespace, frame.id, text)]

    # -- binary -----------------------------------------------------------------------------------

    def _announced(self, peer: _Peer, data: str) -> None:
        """Read the text before binary attachments. Bridged events take none; the app's own handlers may."""
        header = wire.read_header(data)
        if header is None or not 0 < header.attachments <= wire.MAX_ATTACHMENTS:
            if header is not None and header.type == wire.BINARY_EVENT:
                self._refuse(peer, header, 400, "the message announces no readable attachments")
            return  # handing it on would wedge the connection for good (stack-facts 19)
        frame = wire.read_event(data, header)
        wanted = header.type == wire.BINARY_ACK or self._is_apps_own(header.namespace, frame.event)
        packet = self._server.packet_class(encoded_packet=data) if wanted and not frame.problem else None
        peer.binary = _Binary(header, header.attachments, packet)

    def _attachment(self, peer: _Peer, data: bytes) -> None:
        binary = peer.binary
        if binary is None:
            return None  # announced by nobody
        binary.left -= 1
        if binary.packet is not None and not self._add(binary, data):
            return self._give_up(peer, "a placeholder points to no attachment")
        if binary.left:
            return None
        if binary.packet is None:
            return self._give_up(peer, "only JSON values travel by events; send files over HTTP")
        peer.binary = None
        return self._complete(peer, binary)

    def _add(self, binary: _Binary, data: bytes) -> bool:
        try:
            binary.packet.add_attachment(data)
        except (IndexError, TypeError, ValueError):
            return False
        return True

    def _give_up(self, peer: _Peer, sentence: str) -> None:
        binary, peer.binary = peer.binary, None
        if binary is not None:
            self._refuse(peer, binary.header, 400, sentence)

    def _complete(self, peer: _Peer, binary: _Binary) -> None:
        header, values = binary.header, binary.packet.data
        if header.type == wire.BINARY_ACK:
            self._server._handle_ack(peer.sid, header.namespace, int(header.id or 0), values)
        else:
            self._frame(peer, wire.Frame(header.namespace, header.id, values[0], values[1:], ""), header)

    # -- sending ----------------------------------------------------------------------------------

    def _refuse(self, peer: _Peer, header: wire.Header, status: int, sentence: str) -> None:
        if header.id and header.type != wire.BINARY_ACK:
            peer.flow.send(wire.ack_text(header.namespace, header.id, refusal(status, sentence)))

    def _transmit(self, eio_sid: str, text: str, written: Written) -> None:
        self._server._send_eio_packet(eio_sid, _Outbound(text, written))
        if not self._server.async_handlers:
            written()  # the test client has no writer that would tell

    def _cut(self, peer: _Peer) -> None:
        """Drop a client that sends and never reads; a goodbye would wait behind what it does not read."""
        if peer.is_cut:
            return
        peer.is_cut = True
        _logger.warning("a client that does not read its acks was disconnected")
        engine = self._server.eio
        websocket = getattr(engine.sockets.get(peer.sid), "bridge_websocket", None)
        if websocket is not None:
            websocket.abort()
        else:
            engine.start_background_task(engine.disconnect, peer.sid)


def _catches_all(handler: Any) -> bool:
    """True for a class-based namespace that looks at events itself, in a ``trigger_event`` of its own."""
    module = type(handler).trigger_event.__module__
    return module.partition(".")[0] not in ("socketio", "flask_socketio")


class _Outbound(Packet):  # type: ignore[misc]
    """A Socket.IO packet that tells when the connection's writer takes it."""

    def __init__(self, text: str, written: Written) -> None:
        super().__init__(MESSAGE, text)
        self._written: Written | None = written

    def encode(self, b64: bool = False) -> Any:
        encoded = super().encode(b64)
        written, self._written = self._written, None
        if written is not None:
            written()
        return encoded


def _read_connect(data: str) -> tuple[str, dict[str, Any] | None]:
    """Return (namespace, auth) of a CONNECT packet; auth is {} if there is none and None if it is no object."""
    namespace, text = "/", data[1:]
    if text.startswith("/"):
        namespace, _, text = text.partition(",")
        namespace = wire.plain_namespace(namespace)
    if not text:
        return namespace, {}
    try:
        auth = orjson.loads(text)
    except orjson.JSONDecodeError:
        return namespace, None
    return namespace, auth if isinstance(auth, dict) else None
