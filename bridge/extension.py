"""The Flask extension: one object that puts a Socket.IO event beside every route of an app."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask import current_app, has_app_context

from bridge.call import ALLOWED_HEADERS
from bridge.errors import BridgeError
from bridge.live.collection import Collection as LiveCollection
from bridge.live.collection import Scope, declared
from bridge.mount import Mount, Options
from bridge.native import Registration
from bridge.signature import checked_takes_data
from bridge.testers import Testers

if TYPE_CHECKING:
    from flask import Flask
    from flask_socketio import SocketIO

    from bridge.call import Route
    from bridge.events import EventMap
    from bridge.live.hub import Hub
    from bridge.native import Key, Natives
    from bridge.shadow import ShadowCounts, Tell
    from bridge.signature import Handler, TakesData

_MODES = ("threading", "gevent")
_MOUNT = "bridge_mount"


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
    ``shadow`` is the share of reads that are compared with the Resource's answer once the native handler's is sent;
    ``on_shadow`` is called with each result (docs/shadow.md).

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
        shadow: float = 0.0,
        on_shadow: Tell | None = None,
    ) -> None:
        self.db = db
        self.api = api
        if isinstance(allow_headers, str):
            msg = f"allow_headers is a list of names: allow_headers=[{allow_headers!r}]"
            raise BridgeError(msg)
        if not 0 <= shadow <= 1:
            msg = f"shadow is a share of reads, from 0 to 1: shadow=0.01 for one in a hundred, not {shadow!r}"
            raise BridgeError(msg)
        self._said: dict[Key, Registration] = {}
        self._lives: list[LiveCollection] = []
        self._options = Options(
            names=dict(names or {}),
            workers=workers,
            max_in_flight=max_in_flight,
            allowed=(*ALLOWED_HEADERS, *(name.lower() for name in allow_headers)),
            compress=compress,
            said=self._said,
            lives=self._lives,
            live_heartbeat=live_heartbeat,
            live_recheck=live_recheck,
            shadow=shadow,
            on_shadow=on_shadow,
        )
        self._allow_any_origin = allow_any_origin
        self._app: Flask | None = None
        if app is not None:
            self.init_app(app, socketio)

    def init_app(self, app: Flask, socketio: SocketIO | None = None, *, db: Any = None, api: Any = None) -> None:
        """Mount the bridge on an app whose Flask-SocketIO is set up already.

        ``socketio`` may be left out where ``socketio.init_app(app)`` was called before. May be called for
        several apps: each has its own event map, connections and workers, all have the same native handlers.
        """
        self.db, self.api = db or self.db, api or self.api
        socketio = socketio or app.extensions.get("socketio")
        self._check(app, socketio)
        assert socketio is not None
        app.extensions["bridge"] = self
        app.test_client_class = Testers(app.test_client_class)  # type: ignore[assignment]
        self._app = app
        app.extensions[_MOUNT] = Mount(app, socketio, self._options, self.api, self.db)

    def event(
        self,
        name: str,
        *,
        replaces: tuple[str, str],
        takes_data: TakesData = None,
        endpoint: str = "",
        resource: str | None = "",
        method_decorators: Sequence[Callable[..., Any]] = (),
    ) -> Callable[[Handler], Handler]:
        """Register a native handler: ``@bridge.event("new_coach", replaces=("POST", "/coaches"))``.

        The handler gets the JSON body as its first argument and the path parameters by name; it returns what
        a Resource's method returns, and raises or aborts as it does. It runs inside the request that
        stands for the event, in place of the method: hooks, session, ``request``, ``method_decorators``
        and teardown are the Resource's. The Resource stays reachable over HTTP.

        ``def new_coach(data)`` gets ``request.get_json()``: without a body the event is answered as the
        Resource's ``request.get_json()`` would be, with a 415. ``def new_coach(data=None)`` gets
        ``request.get_json(silent=True)``. For GET, HEAD, DELETE and OPTIONS ``data`` is None where there is
        no body. ``takes_data`` says whether there is such an argument, True, False or ``"optional"``, where a
        decorator's signature does not.

        ``endpoint`` is for a route that HTTP no longer has: ``endpoint="coachesindex", resource="CoachesIndex"``
        (or ``resource=None`` for a plain function), with the ``method_decorators`` of the class. The event is
        answered as if the Resource were still there.

        Raises BridgeError for a second handler of a route. Where there is no such route, or the
        signature doesn't fit it, that is raised once the event map is asked for, or somebody connects.
        """
        method, rule = replaces[0].upper(), replaces[1]
        kept = checked_takes_data(takes_data)

        def register(handler: Handler) -> Handler:
            said = Registration(name, method, rule, handler, kept, endpoint, resource, tuple(method_decorators))
            earlier = self._said.get(said.key)
            if earlier is not None and not said.is_again(earlier):
                msg = f"{method} {rule} has a native handler already: {earlier.name}"
                raise BridgeError(msg)
            self._said[said.key] = said
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
        self._lives.append(declared(rule, name=name, scope=scope, key=key, model=model, schema=schema, reads=reads))

    def touch(self, name: str) -> None:
        """Have a live collection, or all that read a table, looked at again: for writes of other processes."""
        mount: Mount = self._current().extensions[_MOUNT]
        mount.touch(name)

    @property
    def shadow_counts(self) -> ShadowCounts | None:
        """How many reads were compared so far, and what came of it; None where ``shadow`` is 0."""
        mount: Mount = self._current().extensions[_MOUNT]
        return mount.shadow.counts if mount.shadow is not None else None

    @property
    def event_map(self) -> EventMap:
        """The event map as it is now: of the app whose context is active, else of the last one set up."""
        return self.map_of(self._current())

    def map_of(self, app: Flask) -> EventMap:
        """Return the event map of one of this Bridge's apps as it is now."""
        mount: Mount = app.extensions[_MOUNT]
        return mount.event_map

    def route_of(self, app: Flask, event: str) -> tuple[Route, Natives | None] | None:
        """Return what answers an event of one of this Bridge's apps; None where there is no such event."""
        mount: Mount = app.extensions[_MOUNT]
        return mount.route(event)

    def hub_of(self, app: Flask) -> Hub | None:
        """Return what keeps the live collections of one of this Bridge's apps going; None where nothing is live."""
        mount: Mount = app.extensions[_MOUNT]
        return mount.hub

    def native_events(self, app: Flask) -> list[str]:
        """Return the events of one of this Bridge's apps that a native handler answers."""
        mount: Mount = app.extensions[_MOUNT]
        return mount.native_events()

    def answer_by_resources(self, app: Flask) -> None:
        """Leave native handlers out from now on, so that they can be compared with what they replace."""
        mount: Mount = app.extensions[_MOUNT]
        mount.answer_by_resources()

    def _current(self) -> Flask:
        active = current_app._get_current_object() if has_app_context() else None  # type: ignore[attr-defined]
        app = active if active is not None and active.extensions.get("bridge") is self else self._app
        if app is None:
            msg = "this Bridge has no app yet: Bridge(app, socketio) or bridge.init_app(app, socketio)"
            raise BridgeError(msg)
        return app

    # -- set-up ---------------------------------------------------------------------------------

    def _check(self, app: Flask, socketio: SocketIO | None) -> None:
        """Raise BridgeError for a set-up that cannot work."""
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


def _any_origin(allowed: Any) -> bool:
    """True for ``"*"``, and for ``[]``, by which python-engineio means that it checks nothing."""
    return allowed == [] or allowed == "*" or (isinstance(allowed, (list, tuple, set)) and "*" in allowed)
