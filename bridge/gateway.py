"""Stands between Engine.IO and python-socketio and answers the events of the event map itself.

python-socketio offers no way to answer an unknown event, a raising handler or a late one, and starts
a thread for each event (stack-facts 1, 14, 18, 19). The seam is one method: every Socket.IO packet
comes in by ``Server._handle_eio_message``. What is not for the bridge goes on to it unchanged.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import orjson

from bridge import wire
from bridge.ack import refusal
from bridge.call import Route
from bridge.connection import Connection
from bridge.dispatch import Environ
from bridge.errors import BridgeError
from bridge.flow import Flow, Limits, Written
from bridge.live.subscriptions import SUBSCRIBE, UNSUBSCRIBE
from bridge.naming import RESERVED
from bridge.own_handlers import OwnHandlers
from bridge.peer import Binary, Outbound, Peer

_logger = logging.getLogger("bridge")
_SEAM = ("_handle_eio_message", "_handle_eio_disconnect", "_send_eio_packet", "_trigger_event")

Lookup = Callable[[str], "tuple[Route, object] | None"]
Open = Callable[[Environ, Flow, bool], Connection]

#: Reserved as names of routes; a handler of the app's own may still listen to them.
_APPS_OWN = frozenset({"message", "json", "error", "connected", "subscribe", "unsubscribe"})


class Gateway:
    """Reads the packets of all connections of one Socket.IO server."""

    def __init__(
        self,
        server: Any,
        *,
        prepare: Callable[[], None],
        lookup: Lookup,
        open_connection: Open,
        own: OwnHandlers,
        limits: Limits,
        has_live: Callable[[], bool] = lambda: False,
    ) -> None:
        """``prepare`` raises where the bridge is not set up right; ``lookup(event)`` gives route and handler.

        ``own`` are the handlers that the app registered with Flask-SocketIO itself; ``limits`` hold for
        each connection.
        """
        missing = [name for name in _SEAM if not hasattr(server, name)]
        if missing:
            msg = f"this python-socketio has no {missing[0]}; install a version that fetch2socket was tested with"
            raise BridgeError(msg)
        self._server = server
        self._prepare = prepare
        self._lookup = lookup
        self._open = open_connection
        self._own = own
        self._limits = limits
        self._has_live = has_live
        self._peers: dict[str, Peer] = {}
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

    def _new_peer(self, eio_sid: str) -> Peer:
        peer = Peer(eio_sid, Flow(lambda packet, written: self._transmit(eio_sid, packet, written), self._limits))
        self._peers[eio_sid] = peer
        return peer

    def _text(self, peer: Peer, data: str) -> None:
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

    def _connect(self, peer: Peer, data: str) -> None:
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

    def _is_connected(self, peer: Peer, namespace: str) -> bool:
        sid = self._server.manager.sid_from_eio_sid(peer.sid, namespace)
        return sid is not None and bool(self._server.manager.is_connected(sid, namespace))

    def _refuse_connection(self, peer: Peer, namespace: str, sentence: str) -> None:
        message = json.dumps({"message": sentence})
        peer.flow.send(f"{wire.CONNECT_ERROR}{wire.namespace_prefix(namespace)}{message}")

    def _welcome(self, peer: Peer, auth: dict[str, Any]) -> None:
        """Take in a client whom the app's connect handler accepted."""
        connection = self._open(self._server.environ[peer.sid], peer.flow, not self._server.async_handlers)
        connection.sid = self._server.manager.sid_from_eio_sid(peer.sid, "/")
        connection.redeems_tickets = auth.get("bridge") == 1
        connection.keeps_cookies = auth.get("cookies") is not False
        peer.connection = connection
        if "connect" not in self._server.handlers.get("/", {}):
            size = self._server.eio.max_http_buffer_size
            hello = {"data": f"id: {connection.sid} is connected", "maxPayload": size}
            peer.flow.send(wire.event_text("connected", hello))

    def _leave(self, peer: Peer) -> None:
        connection, peer.connection = peer.connection, None
        if connection is not None:
            connection.closed()

    # -- events -------------------------------------------------------------------------------

    def _event(self, peer: Peer, data: str) -> None:
        header = wire.read_header(data)
        if header is not None and header.type == wire.EVENT and not header.attachments:
            self._frame(peer, wire.read_event(data, header), header)

    def _frame(self, peer: Peer, frame: wire.Frame, header: wire.Header) -> None:
        found = self._route(frame.namespace, frame.event)
        if frame.problem or frame.event in RESERVED - _APPS_OWN:
            self._refuse(peer, header, 400, frame.problem or f"{frame.event!r} is a reserved event name")
        elif self._own.take(frame.namespace, frame.event, is_route=found is not None):
            self._own_event(peer, frame, header)
        elif self._is_subscription(frame):
            self._subscription(peer, frame, header)
        elif found is None:
            self._refuse(peer, header, 404, f"there is no event {frame.event[:80]!r} in {frame.namespace[:80]}")
        else:
            self._bridged_event(peer, frame, header, *found)

    def _route(self, namespace: str, event: str) -> tuple[Route, object] | None:
        """Return the route and native handler of an event; routes live in the default namespace only."""
        return self._lookup(event) if namespace == "/" else None

    def _bridged_event(self, peer: Peer, frame: wire.Frame, header: wire.Header, route: Route, native: object) -> None:
        connection = peer.connection
        if connection is None or not self._server.manager.is_connected(connection.sid, "/"):
            return  # not connected to this namespace: the protocol knows no answer here
        if not peer.flow.admit(len(frame.text)):
            self._refuse(peer, header, 429, "too many events in flight; wait for acks")
        else:
            run = connection.lane.write if route.writes else connection.lane.read
            run(lambda: connection.answer(frame, route, native))

    def _is_subscription(self, frame: wire.Frame) -> bool:
        return frame.event in (SUBSCRIBE, UNSUBSCRIBE) and frame.namespace == "/" and self._has_live()

    def _subscription(self, peer: Peer, frame: wire.Frame, header: wire.Header) -> None:
        connection = peer.connection
        if connection is None:
            return  # not connected to this namespace: the protocol knows no answer here
        if connection.subscriptions is None:
            self._refuse(peer, header, 503, "connect anew: the first live collection was declared since")
        elif not peer.flow.admit(len(frame.text)):
            self._refuse(peer, header, 429, "too many events in flight; wait for acks")
        else:
            connection.subscribe(frame)

    # -- handlers that the app registered with Flask-SocketIO itself ----------------------------

    def _own_event(self, peer: Peer, frame: wire.Frame, header: wire.Header) -> None:
        if not self._is_connected(peer, frame.namespace):
            return
        if not peer.flow.admit(len(frame.text)):
            self._refuse(peer, header, 429, "too many events in flight; wait for acks")
            return
        self._own.run(peer, self._server.manager.sid_from_eio_sid(peer.sid, frame.namespace), frame)

    # -- binary -----------------------------------------------------------------------------------

    def _announced(self, peer: Peer, data: str) -> None:
        """Read the text before binary attachments. Bridged events take none; the app's own handlers may."""
        header = wire.read_header(data)
        if header is None or not 0 < header.attachments <= wire.MAX_ATTACHMENTS:
            if header is not None and header.type == wire.BINARY_EVENT:
                self._refuse(peer, header, 400, "the message announces no readable attachments")
            return  # handing it on would wedge the connection for good (stack-facts 19)
        frame = wire.read_event(data, header)
        is_route = self._route(header.namespace, frame.event) is not None
        wanted = header.type == wire.BINARY_ACK or self._own.take(header.namespace, frame.event, is_route=is_route)
        packet = self._server.packet_class(encoded_packet=data) if wanted and not frame.problem else None
        peer.binary = Binary(header, header.attachments, packet)

    def _attachment(self, peer: Peer, data: bytes) -> None:
        binary = peer.binary
        if binary is None:
            return  # announced by nobody
        if not binary.add(data):
            self._give_up(peer, "a placeholder points to no attachment")
        elif binary.left == 0 and binary.packet is None:
            self._give_up(peer, "only JSON values travel by events; send files over HTTP")
        elif binary.left == 0:
            peer.binary = None
            self._complete(peer, binary)

    def _give_up(self, peer: Peer, sentence: str) -> None:
        binary, peer.binary = peer.binary, None
        if binary is not None:
            self._refuse(peer, binary.header, 400, sentence)

    def _complete(self, peer: Peer, binary: Binary) -> None:
        header, values = binary.header, binary.packet.data
        if header.type == wire.BINARY_ACK:
            self._server._handle_ack(peer.sid, header.namespace, int(header.id or 0), values)
        else:
            self._frame(peer, wire.Frame(header.namespace, header.id, values[0], values[1:], ""), header)

    # -- sending ----------------------------------------------------------------------------------

    def _refuse(self, peer: Peer, header: wire.Header, status: int, sentence: str) -> None:
        if header.id and header.type != wire.BINARY_ACK:
            peer.flow.send(wire.ack_text(header.namespace, header.id, refusal(status, sentence)))

    def _transmit(self, eio_sid: str, text: str, written: Written) -> None:
        """Queue a packet; never waits, and never raises.

        Engine.IO's own way in looks first whether the client still answers pings, and ends the connection here and now,
        the app's disconnect handler included, within whatever lock the sender holds. Its ping tasks do that as well.
        """
        packet = Outbound(text, written)
        if not self._server.async_handlers:  # the test client, which has no queue, and no writer that would tell
            self._server._send_eio_packet(eio_sid, packet)
            written()
            return
        socket = self._server.eio.sockets.get(eio_sid)
        if socket is not None and not socket.closed:
            socket.queue.put(packet)

    def _cut(self, peer: Peer) -> None:
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
