"""The Flask extension: one object that puts a Socket.IO event beside every route of an app."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from bridge import native as natives
from bridge.browsers import Browsers
from bridge.call import ALLOWED_HEADERS, Route
from bridge.connection import TICKET_WAIT, Connection
from bridge.discovery import discover
from bridge.errors import BridgeError
from bridge.events import Event, EventMap
from bridge.flow import Flow, Limits
from bridge.gateway import Gateway
from bridge.later import Later
from bridge.live.collection import Scope, declared
from bridge.live.setup import Live
from bridge.middleware import BridgeMiddleware
from bridge.own_handlers import OwnHandlers
from bridge.routes import configured_names
from bridge.websocket import bounded_websocket
from bridge.workers import GeventRunner, Inline, Lane, ThreadRunner, WorkerPool

if TYPE_CHECKING:
    from flask import Flask
    from flask_socketio import SocketIO

    from bridge.dispatch import Environ, WSGIApp
    from bridge.native import Handler

_MODES = ("threading", "gevent")
_POLLING_PACKETS = 512


class Bridge:
    """Makes every route of a Flask app reachable as a Socket.IO event, Resources left as they are.

    ``Bridge(app, socketio)`` or ``Bridge().init_app(app, socketio)``, after ``socketio.init_app(app)``.

    ``db`` and ``api`` are your SQLAlchemy and Flask-RESTful objects; they are optional, and checked to
    belong to the app. ``names`` maps ``(method, rule)`` to an event name of your choice; so does the
    app's config ``BRIDGE_NAMES``, with keys like ``"POST /coaches"``. ``workers`` bounds how many
    events are answered at once in this process; ``max_in_flight`` how many of one connection are
    waiting for their ack: one more is answered with status 429. ``allow_headers`` adds request headers
    that a call may set by ``$headers``. ``allow_any_origin`` accepts ``cors_allowed_origins="*"``,
    which lets every web site act with your users' cookies. ``compress`` offers permessage-deflate.
    ``live_heartbeat`` and ``live_recheck`` are seconds between what live collections do from time to time: tell
    clients the versions that they should have, and ask again whether they may see what they are sent.

    Raises BridgeError, which says what to do next, for a set-up that cannot work.
    """

    def __init__(
        self,
        app: Flask | None = None,
        socketio: SocketIO | None = None,
        *,
        db: Any = None,
        api: Any = None,
        names: Mapping[tuple[str, str], str] | None = None,
        workers: int = 16,
        max_in_flight: int = 4096,
        allow_headers: Collection[str] = (),
        allow_any_origin: bool = False,
        compress: bool = False,
        live_heartbeat: float = 15.0,
        live_recheck: float = 300.0,
    ) -> None:
        self.db = db
        self.api = api
        self._names = dict(names or {})
        self._workers = workers
        self._max_in_flight = max_in_flight
        if isinstance(allow_headers, str):
            msg = f"allow_headers is a list of names: allow_headers=[{allow_headers!r}]"
            raise BridgeError(msg)
        self._allowed = (*ALLOWED_HEADERS, *(name.lower() for name in allow_headers))
        self._allow_any_origin = allow_any_origin
        self._compress = compress
        self._native: dict[tuple[str, str], tuple[str, Handler]] = {}
        self._routes: dict[str, tuple[Route, object]] = {}
        self._map: EventMap | None = None
        self._seen_rules = -1
        self._app: Flask | None = None
        self._browsers = Browsers()
        self._live = Live(heartbeat=live_heartbeat, recheck=live_recheck)
        self.pool: WorkerPool | None = None
        if app is not None:
            self.init_app(app, socketio)

    def init_app(self, app: Flask, socketio: SocketIO | None = None, *, db: Any = None, api: Any = None) -> None:
        """Mount the bridge on an app whose Flask-SocketIO is set up already.

        ``socketio`` may be left out where ``socketio.init_app(app)`` was called before.
        """
        self.db, self.api = db or self.db, api or self.api
        socketio = socketio or app.extensions.get("socketio")
        server = self._checked(app, socketio)
        assert socketio is not None
        app.extensions["bridge"] = self
        self._app = app
        self._harden(server)
        self._mount(app, socketio, server)
        self._refresh(strict=False)  # hear of clashes now; routes and handlers may still be added

    def event(self, name: str, *, replaces: tuple[str, str]) -> Callable[[Handler], Handler]:
        """Register a native handler: ``@bridge.event("new_coach", replaces=("POST", "/coaches"))``.

        The handler gets the JSON body as its first argument (None if there is none) and the path
        parameters by name; it returns a body, ``(body, status)`` or a Response, and raises or aborts as
        a Resource does. It runs inside the request that stands for the event: hooks, session,
        ``request``, ``method_decorators`` and teardown are the Resource's. The Resource stays reachable
        over HTTP. Raises BridgeError where there is no such route or the signature doesn't fit it.
        """

        def register(handler: Handler) -> Handler:
            method, rule = replaces[0].upper(), replaces[1]
            if (method, rule) in self._native:
                msg = f"{method} {rule} has a native handler already: {self._native[method, rule][1].__name__}"
                raise BridgeError(msg)
            self._native[method, rule] = (name, handler)
            self._seen_rules = -1
            return handler

        return register

    def live(
        self,
        rule: str,
        *,
        name: str | None = None,
        scope: Scope | None = None,
        key: str = "id",
        model: Any = None,
        schema: Any = None,
        reads: Collection[str] = (),
    ) -> None:
        """Let clients subscribe to what a GET answers: ``bridge.live("/coaches")`` (docs/live.md).

        ``scope`` returns, in the GET's own request, what those have in common who share one result; without it,
        those who look alike to the app: session, cookies, credentials, address. With ``model`` and ``schema`` (or a
        function of a row) rows are read one by one, so that a write costs what it changes. ``reads`` are tables that
        the GET's SQL does not name, behind a view say. Raises BridgeError where there is no such GET, by the time
        that the first client connects at the latest.
        """
        self._live.declare(declared(rule, name=name, scope=scope, key=key, model=model, schema=schema, reads=reads))
        self._seen_rules = -1
        if self._app is not None:
            self._refresh(strict=False)

    def touch(self, name: str) -> None:
        """Have a live collection, or all that read a table, looked at again: for writes of other processes."""
        if self._live.hub is not None:
            self._live.hub.touch(name)

    @property
    def event_map(self) -> EventMap:
        """The event map of the app as it is now."""
        self._refresh()
        assert self._map is not None
        return self._map

    # -- set-up ---------------------------------------------------------------------------------

    def _checked(self, app: Flask, socketio: SocketIO | None) -> Any:
        """Return the python-socketio server, or raise BridgeError for a set-up that cannot work."""
        if "bridge" in app.extensions:
            msg = "this app has a Bridge already: app.extensions['bridge']; keep that one"
            raise BridgeError(msg)
        server = getattr(socketio, "server", None)
        if server is None or not hasattr(socketio, "sockio_mw"):
            msg = "Flask-SocketIO is not set up for this app: call socketio.init_app(app) before the Bridge"
            raise BridgeError(msg)
        if server.eio.async_mode not in _MODES:
            msg = f"async mode {server.eio.async_mode!r} is not supported: SocketIO(app, async_mode='threading')"
            raise BridgeError(msg)
        if server.packet_class.__name__ != "Packet" or server.packet_class.__module__ != "socketio.packet":
            msg = "the bridge speaks Socket.IO's default serializer only: leave out SocketIO(serializer=...)"
            raise BridgeError(msg)
        if _any_origin(server.eio.cors_allowed_origins) and not self._allow_any_origin:
            msg = (
                f"cors_allowed_origins={server.eio.cors_allowed_origins!r} lets every web site act with your "
                "users' cookies: leave it out (same origin), list the origins, or say "
                "Bridge(..., allow_any_origin=True)"
            )
            raise BridgeError(msg)
        if self.db is not None and "sqlalchemy" not in app.extensions:
            msg = "db is not set up for this app: call db.init_app(app) before the Bridge"
            raise BridgeError(msg)
        return server

    def _harden(self, server: Any) -> None:
        """Set the limits that python-engineio leaves open (stack-facts 16, 17)."""
        from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI
        from engineio.payload import Payload

        driver = server.eio._async
        stock = driver["websocket"]
        if isinstance(stock, type) and issubclass(stock, SimpleWebSocketWSGI):
            bounded = bounded_websocket(
                stock, max_message_size=server.eio.max_http_buffer_size, compress=self._compress
            )
            server.eio._async = {**driver, "websocket": bounded}
        Payload.max_decode_packets = max(Payload.max_decode_packets, _POLLING_PACKETS)

    def _mount(self, app: Flask, socketio: SocketIO, server: Any) -> None:
        self._later = Later(TICKET_WAIT, server.eio)
        runner = GeventRunner() if server.eio.async_mode == "gevent" else ThreadRunner()
        self.pool = WorkerPool(self._workers, runner)
        self._below: Callable[[], WSGIApp] = lambda: socketio.sockio_mw.wsgi_app
        self._live.mount(app, self.db, server.eio)
        Gateway(
            server,
            prepare=self._refresh,
            lookup=lambda name: self._routes.get(name),
            open_connection=self._open,
            own=OwnHandlers(server, WorkerPool(self._workers, runner)),
            limits=Limits(self._max_in_flight, 16 * server.eio.max_http_buffer_size),
            has_live=lambda: self._live.hub is not None,
        )
        path = f"/{socketio.sockio_mw.engineio_path.strip('/')}/"
        app.wsgi_app = BridgeMiddleware(  # type: ignore[method-assign]
            app.wsgi_app, self._browsers, path, server.eio._cors_allowed_origins
        )

    def _open(self, handshake: Environ, flow: Flow, inline: bool) -> Connection:
        """Make the state of a connection that was accepted."""
        assert self.pool is not None and self._app is not None  # noqa: PT018 - mounted
        lane = Inline() if inline else Lane(self.pool, lambda: flow.congested)
        flow.on_room = lane.resume
        connection = Connection(
            handshake,
            wsgi_app=self._below,
            lane=lane,
            flow=flow,
            later=self._later,
            browsers=self._browsers,
            debug=self._app.debug,
            hub=self._live.started(),
        )
        self._browsers.add(connection)
        return connection

    # -- the event map --------------------------------------------------------------------------

    def _refresh(self, *, strict: bool = True) -> None:
        """Make the event map anew where routes or native handlers were added since the last time.

        ``strict`` refuses names and handlers for routes that do not exist: by the time that somebody
        connects, or asks for the map, all are there.
        """
        app = self._app
        if app is None:
            msg = "this Bridge has no app yet: Bridge(app, socketio) or bridge.init_app(app, socketio)"
            raise BridgeError(msg)
        rules = list(app.url_map.iter_rules())
        if len(rules) == self._seen_rules:
            return
        names = configured_names(app.config) | self._names
        names |= {key: name for key, (name, _) in self._native.items()}
        if not strict:
            known = {(method, rule.rule) for rule in rules for method in rule.methods or ()}
            names = {key: name for key, name in names.items() if key in known}
        event_map = discover(app, names)
        self._routes = {event.event: (Route(event, self._allowed), self._handler(app, event)) for event in event_map}
        event_map = self._live.resolve(event_map, lambda name: self._routes.get(name), strict=strict)
        self._map, self._seen_rules = event_map, (len(rules) if strict else -1)

    def _handler(self, app: Flask, event: Event) -> object:
        """Return the native handler of an event, ready to be called, or None."""
        key = (event.method, event.rule)
        if key not in self._native:
            return None
        handler = natives.native(event.event, key, event.params, self._native[key][1])
        natives.install(app, event)
        return handler


def _any_origin(allowed: Any) -> bool:
    """True for ``"*"``, and for ``[]``, by which python-engineio means that it checks nothing."""
    return allowed == [] or allowed == "*" or (isinstance(allowed, (list, tuple, set)) and "*" in allowed)
