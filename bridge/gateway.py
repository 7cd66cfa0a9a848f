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
from bridge.connection import Connection, Limits
from bridge.dispatch import Environ
from bridge.errors import BridgeError
from bridge.naming import RESERVED
from bridge.workers import Inline, WorkerPool

_logger = logging.getLogger("bridge")
_SEAM = ("_handle_eio_message", "_handle_eio_disconnect", "_send_packet", "_trigger_event")

Lookup = Callable[[str], "tuple[Route, object] | None"]
Open = Callable[[Environ, "Callable[[str], None]", bool], Connection]


class Gateway:
    """Reads the packets of all connections of one Socket.IO server."""

    def __init__(self, server: Any, *, lookup: Lookup, open_connection: Open, pool: WorkerPool, limits: Limits) -> None:
        """``lookup(event)`` gives the route and native handler; ``limits`` hold for each connection."""
        missing = [name for name in _SEAM if not hasattr(server, name)]
        if missing:
            msg = f"this python-socketio has no {missing[0]}; install a version that fetch2socket was tested with"
            raise BridgeError(msg)
        self._server = server
        self._lookup = lookup
        self._open = open_connection
        self._pool = pool
        self._limits = limits
        self._connections: dict[str, Connection] = {}
        self._skipped: dict[str, tuple[int, wire.Header]] = {}
        self._pass_on = server._handle_eio_message
        self._pass_on_disconnect = server._handle_eio_disconnect
        # Once for Engine.IO, once for Flask-SocketIO's test client, which calls the method by name.
        server._handle_eio_message = self.receive
        server.eio.on("message", self.receive)
        server.eio.on("disconnect", self.disconnected)

    def receive(self, eio_sid: str, data: str | bytes) -> None:
        """Take one Socket.IO packet: called in the connection's reader, so it must not wait."""
        if eio_sid in self._skipped:
            self._skip(eio_sid)
            if isinstance(data, bytes):
                return
        if isinstance(data, str) and data[:1] == wire.EVENT:
            self._event(eio_sid, data)
        elif isinstance(data, str) and data[:1] in (wire.BINARY_EVENT, wire.BINARY_ACK):
            self._binary(eio_sid, data)
        elif isinstance(data, str) and data[:1] == wire.CONNECT:
            self._connect(eio_sid, data)
        else:
            if data in ("1", "1/", "1/,"):
                self._forget(eio_sid)
            self._pass_on(eio_sid, data)

    def disconnected(self, eio_sid: str, *reason: Any) -> None:
        """Forget a connection; what it has in flight is still carried out, as HTTP would."""
        self._forget(eio_sid)
        self._pass_on_disconnect(eio_sid, *reason)

    def _forget(self, eio_sid: str) -> None:
        self._skipped.pop(eio_sid, None)
        connection = self._connections.pop(eio_sid, None)
        if connection is not None:
            connection.closed()

    # -- connecting ---------------------------------------------------------------------------

    def _connect(self, eio_sid: str, data: str) -> None:
        namespace, auth = _read_connect(data)
        if auth is None or (namespace == "/" and self._connection(eio_sid)):
            # A handler that stumbles over odd auth is called again without it and may let the client
            # in (stack-facts 18); a second CONNECT would run the connect handlers once more.
            prefix = "" if namespace == "/" else f"{namespace},"
            self._send(eio_sid, f'{wire.CONNECT_ERROR}{prefix}{{"message":"auth is an object, sent once"}}')
            return
        self._pass_on(eio_sid, data)
        sid = self._server.manager.sid_from_eio_sid(eio_sid, "/")
        if namespace != "/" or not self._server.manager.is_connected(sid, "/"):
            return
        inline = not self._server.async_handlers
        handshake = self._server.environ[eio_sid]
        connection = self._open(handshake, lambda packet: self._send(eio_sid, packet), inline)
        connection.sid = sid
        connection.redeems_tickets = auth.get("bridge") == 1
        self._connections[eio_sid] = connection
        if "connect" not in self._server.handlers.get("/", {}):
            size = self._server.eio.max_http_buffer_size
            connection.push(wire.event_text("connected", {"data": f"id: {sid} is connected", "maxPayload": size}))

    def _connection(self, eio_sid: str) -> Connection | None:
        """Return the connection, unless the server has closed it meanwhile."""
        connection = self._connections.get(eio_sid)
        if connection is not None and not self._server.manager.is_connected(connection.sid, "/"):
            self._forget(eio_sid)
            return None
        return connection

    # -- events -------------------------------------------------------------------------------

    def _event(self, eio_sid: str, data: str) -> None:
        header = wire.read_header(data)
        if header is None or header.type != wire.EVENT:
            return
        frame = wire.read_event(data, header)
        if frame.problem or frame.event in RESERVED - _OWN_NAMES:
            self._refuse(eio_sid, header, 400, frame.problem or f"{frame.event!r} is a reserved event name")
        elif self._is_users(frame.namespace, frame.event):
            self._users_event(eio_sid, frame)
        elif frame.namespace != "/":
            self._refuse(eio_sid, header, 404, f"there is no event {frame.event!r} in {frame.namespace}")
        else:
            self._bridged_event(eio_sid, frame, header)

    def _bridged_event(self, eio_sid: str, frame: wire.Frame, header: wire.Header) -> None:
        connection = self._connection(eio_sid)
        if connection is None:
            return  # not connected to this namespace: the protocol knows no answer here
        found = self._lookup(frame.event)
        if found is None:
            self._refuse(eio_sid, header, 404, f"there is no event {frame.event!r}")
        elif not self._admit(eio_sid, connection, frame):
            self._refuse(eio_sid, header, 429, "too many events in flight; wait for acks")
        else:
            route, native = found
            run = connection.lane.write if route.writes else connection.lane.read
            run(lambda: connection.answer(frame, route, native))

    def _admit(self, eio_sid: str, connection: Connection, frame: wire.Frame) -> bool:
        """Take the event in, unless too many are under way; drop a client that sends and never reads."""
        socket = self._server.eio.sockets.get(eio_sid)
        if socket is not None and socket.queue.qsize() > 2 * self._limits.events:
            _logger.warning("a client that does not read its acks was disconnected")
            self._server.eio.start_background_task(self._server.eio.disconnect, eio_sid)
            return False
        return connection.admit(frame, self._limits)

    # -- handlers that the app registered with Flask-SocketIO itself ----------------------------

    def _is_users(self, namespace: str, event: str) -> bool:
        handlers = self._server.handlers
        return (
            event in handlers.get(namespace, {})
            or "*" in handlers.get(namespace, {})
            or event in handlers.get("*", {})
            or namespace in self._server.namespace_handlers
        )

    def _users_event(self, eio_sid: str, frame: wire.Frame) -> None:
        sid = self._server.manager.sid_from_eio_sid(eio_sid, frame.namespace)
        if not self._server.manager.is_connected(sid, frame.namespace):
            return
        job = lambda: self._run_users(eio_sid, sid, frame)  # noqa: E731
        if self._server.async_handlers:
            self._pool.submit(job)
        else:
            Inline().read(job)

    def _run_users(self, eio_sid: str, sid: str, frame: wire.Frame) -> None:
        """Run an app's own handler as python-socketio does, but never leave it without an ack."""
        server = self._server
        try:
            result = server._trigger_event(frame.event, frame.namespace, sid, *frame.args)
            if result == server.not_handled:
                text = refusal(404, f"there is no event {frame.event!r}")
            else:
                values = [] if result is None else list(result) if isinstance(result, tuple) else [result]
                if frame.id and server.packet_class.data_is_binary(values):
                    self._send_binary(eio_sid, frame, values)
                    return
                text = _strict_json(values)
        except BaseException as error:
            if type(error).__name__ == "GreenletExit":
                raise
            _logger.error("the handler of %r raised", frame.event, exc_info=error)
            text = refusal(500, "Internal Server Error")
        if frame.id:
            self._send(eio_sid, wire.ack_text(frame.namespace, frame.id, text))

    def _send_binary(self, eio_sid: str, frame: wire.Frame, values: list[Any]) -> None:
        packet = self._server.packet_class(int(wire.ACK), data=values, namespace=frame.namespace, id=int(frame.id))
        self._server._send_packet(eio_sid, packet)

    # -- frames that cannot be served -----------------------------------------------------------

    def _binary(self, eio_sid: str, data: str) -> None:
        """Refuse binary for bridged events; hand it on where a handler of the app's own may want it."""
        header = wire.read_header(data)
        if header is None or not 0 < header.attachments <= wire.MAX_ATTACHMENTS:
            if header is not None and header.type == wire.BINARY_EVENT:
                self._refuse(eio_sid, header, 400, "the message announces no readable attachments")
            return  # handing it on would wedge the connection for good (stack-facts 19)
        frame = wire.read_event(data, header)
        if header.type == wire.BINARY_ACK or self._is_users(header.namespace, frame.event):
            self._pass_on(eio_sid, data)
        else:
            self._skipped[eio_sid] = (header.attachments, header)

    def _skip(self, eio_sid: str) -> None:
        left, header = self._skipped.pop(eio_sid)
        if left > 1:
            self._skipped[eio_sid] = (left - 1, header)
        else:
            self._refuse(eio_sid, header, 400, "only JSON values travel by events; send files over HTTP")

    def _refuse(self, eio_sid: str, header: wire.Header, status: int, sentence: str) -> None:
        if header.id:
            self._send(eio_sid, wire.ack_text(header.namespace, header.id, refusal(status, sentence)))

    def _send(self, eio_sid: str, packet: str) -> None:
        self._server._send_packet(eio_sid, wire.RawPacket(packet))


#: Reserved for pushes; a handler of the app's own may still listen to them.
_OWN_NAMES = frozenset({"message", "json", "error", "connected", "subscribe", "unsubscribe"})


def _read_connect(data: str) -> tuple[str, dict[str, Any] | None]:
    """Return (namespace, auth) of a CONNECT packet; auth is {} if there is none and None if it is no object."""
    namespace, text = "/", data[1:]
    if text.startswith("/"):
        namespace, _, text = text.partition(",")
    if not text:
        return namespace, {}
    try:
        auth = orjson.loads(text)
    except orjson.JSONDecodeError:
        return namespace, None
    return namespace, auth if isinstance(auth, dict) else None


def _strict_json(values: list[Any]) -> str:
    """Return the inside of a JSON array; NaN and values that JSON has not raise here, not in the sender."""
    return json.dumps(values, allow_nan=False, separators=(",", ":"))[1:-1]
