"""The bridge of one app: its event map, its native handlers, its workers; a Bridge has one for each app."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bridge.browsers import Browsers
from bridge.call import Route
from bridge.connection import TICKET_WAIT, Connection
from bridge.discovery import discover
from bridge.events import Event, EventMap
from bridge.flow import Flow, Limits
from bridge.gateway import Gateway
from bridge.giving_way import give_way
from bridge.later import Later
from bridge.live.collection import Collection
from bridge.live.setup import Live
from bridge.middleware import BridgeMiddleware
from bridge.native import Key, Native, Natives, Registration, native
from bridge.own_handlers import OwnHandlers
from bridge.removed import map_with, match_with_removed, only_events, urls_of_removed
from bridge.routes import configured_names
from bridge.stand_in import put_stand_ins
from bridge.websocket import bounded_websocket
from bridge.workers import Inline, Lane, WorkerPool, runner_for

if TYPE_CHECKING:
    from flask import Flask
    from flask_socketio import SocketIO
    from werkzeug.routing import Map, Rule

    from bridge.dispatch import Environ
    from bridge.live.hub import Hub
    from bridge.shadow import Shadow, Tell
    from bridge.workers import Runner

_POLLING_PACKETS = 512


@dataclass(frozen=True, slots=True)
class Options:
    """What a Bridge was told, alike for all its apps; native handlers (``said``) and ``lives`` may still come."""

    names: Mapping[Key, str]
    workers: int
    max_in_flight: int
    allowed: tuple[str, ...]
    compress: bool
    said: Mapping[Key, Registration]
    lives: Sequence[Collection]
    live_heartbeat: float
    live_recheck: float
    shadow: float = 0.0
    on_shadow: Tell | None = None


class Mount:
    """The bridge of one app, mounted when it is made."""

    def __init__(self, app: Flask, socketio: SocketIO, options: Options, api: Any, db: Any) -> None:
        self._app = app
        self._options = options
        self._api = api
        self._routes: dict[str, tuple[Route, Natives | None]] = {}
        self._uses_natives = True
        self._map = EventMap(())
        self._full: Map | None = None
        self._seen: object = None
        self._lock = threading.RLock()
        self._browsers = Browsers()
        self._live = Live(app, db, socketio.server.eio, heartbeat=options.live_heartbeat, recheck=options.live_recheck)
        self._harden(socketio.server)
        self._mount(socketio, socketio.server)
        self.refresh(strict=False)  # hear of clashes now; routes and handlers may still be added

    def _harden(self, server: Any) -> None:
        """Set the limits that python-engineio leaves open (stack-facts 16, 17)."""
        from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI
        from engineio.payload import Payload

        driver = server.eio._async
        stock = driver["websocket"]
        if isinstance(stock, type) and issubclass(stock, SimpleWebSocketWSGI):
            bounded = bounded_websocket(
                stock, max_message_size=server.eio.max_http_buffer_size, compress=self._options.compress
            )
            server.eio._async = {**driver, "websocket": bounded}
        Payload.max_decode_packets = max(Payload.max_decode_packets, _POLLING_PACKETS)

    def _mount(self, socketio: SocketIO, server: Any) -> None:
        self._later = Later(TICKET_WAIT, server.eio)
        runner = runner_for(server.eio.async_mode)
        self._pool = WorkerPool(self._options.workers, runner)
        self._shadow = self._new_shadow(runner) if self._options.shadow else None
        self._below = socketio.sockio_mw  # this app's: a SocketIO object has that of the last app only
        Gateway(
            server,
            prepare=self.refresh,
            lookup=lambda name: self._routes.get(name),
            open_connection=self._open,
            own=OwnHandlers(server, WorkerPool(self._options.workers, runner)),
            limits=Limits(self._options.max_in_flight, 16 * server.eio.max_http_buffer_size),
            has_live=lambda: self._live.hub is not None,
        )
        path = f"/{self._below.engineio_path.strip('/')}/"
        app: Any = self._app
        app.wsgi_app = BridgeMiddleware(app.wsgi_app, self._browsers, path, server.eio._cors_allowed_origins)
        app.url_build_error_handlers.append(urls_of_removed(self._full_map))

    def _open(self, handshake: Environ, flow: Flow, inline: bool) -> Connection:
        """Make the state of a connection that was accepted."""
        lane = Inline() if inline else Lane(self._pool, lambda: flow.congested)
        flow.on_room = lane.resume
        connection = Connection(
            handshake,
            wsgi_app=lambda: self._below.wsgi_app,
            lane=lane,
            flow=flow,
            later=self._later,
            browsers=self._browsers,
            debug=self._app.debug,
            hub=self._live.started(),
            shadow=self._shadow,
        )
        self._browsers.add(connection)
        return connection

    def _new_shadow(self, runner: Runner) -> Shadow:
        from bridge.shadow import WORKERS, Shadow, log_mismatch  # Loads what an app without it never needs.

        tell = self._options.on_shadow or log_mismatch
        return Shadow(self._app, self._options.shadow, tell, WorkerPool(WORKERS, runner))

    @property
    def shadow(self) -> Shadow | None:
        """What compares sampled reads; None where that is off."""
        return self._shadow

    @property
    def hub(self) -> Hub | None:
        """What keeps the app's live collections going; None where nothing is live."""
        return self._live.hub

    def touch(self, name: str) -> None:
        """Have a live collection, or all that read a table, looked at again."""
        if self._live.hub is not None:
            self._live.hub.touch(name)

    # -- the event map --------------------------------------------------------------------------

    @property
    def event_map(self) -> EventMap:
        """The event map of the app as it is now."""
        self.refresh()
        return self._map

    def route(self, event: str) -> tuple[Route, Natives | None] | None:
        """Return the route of an event, and the app's native handlers if it has any."""
        self.refresh()
        return self._routes.get(event)

    def native_events(self) -> list[str]:
        """Return the events that a native handler answers."""
        self.refresh()
        said = self._options.said if self._uses_natives else {}
        return [event.event for event in self._map if (event.method, event.rule) in said]

    def answer_by_resources(self) -> None:
        """Leave native handlers out from now on: what they replace answers events, as without them."""
        self._uses_natives, self._seen = False, None

    def refresh(self, *, strict: bool = True) -> None:
        """Make the event map anew where routes or native handlers were added since the last time.

        ``strict`` refuses names and handlers for routes that do not exist: by the time that somebody
        connects, or asks for the map, all are there.
        """
        with self._lock:
            seen = (
                sum(1 for _ in self._app.url_map.iter_rules()),
                tuple(self._options.said.values()),
                len(self._options.lives),
            )
            if seen != self._seen:
                self._read(strict)
                self._seen = seen if strict else None

    def _read(self, strict: bool) -> None:
        app, said = self._app, dict(self._options.said)
        removed = only_events(app, said.values()) if strict else []
        full = map_with(app, removed) if removed else None
        put_stand_ins(app, removed, self._api)
        names = configured_names(app.config) | dict(self._options.names) | {key: one.event for key, one in said.items()}
        if not strict:
            known = {(method, rule.rule) for rule in app.url_map.iter_rules() for method in rule.methods or ()}
            names = {key: name for key, name in names.items() if key in known}
        event_map = discover(app, names, full, {one.key: one.handler for one in removed})
        gone = {one.key for one in removed}
        natives = self._natives(event_map, said, full, gone) if self._uses_natives else None
        self._routes = {event.event: (Route(event, self._options.allowed), natives) for event in event_map}
        if self._shadow is not None:
            handlers = natives.handlers if natives is not None else {}
            only = {key: one for key, one in handlers.items() if key in gone}
            self._shadow.learn(handlers.keys() - gone, Natives(app, only, full) if only else None)
        if full is not None and self._full is None:
            match_with_removed(app)
        event_map = self._live.resolve(
            self._options.lives, event_map, lambda name: self._routes.get(name), strict=strict
        )
        self._map, self._full = event_map, full

    def _natives(
        self, event_map: EventMap, said: Mapping[Key, Registration], full: Map | None, removed: set[Key]
    ) -> Natives | None:
        rules = list((full or self._app.url_map).iter_rules())
        handlers: dict[Key, Native] = {}
        for event in event_map:
            one = said.get((event.method, event.rule))
            if one is not None:
                handlers[one.key] = native(one, *_path_parameters(one, said, rules, event))
                give_way(self._app, event, is_removed=one.key in removed)
        return Natives(self._app, handlers, full) if handlers else None

    def _full_map(self) -> Map | None:
        if any(one.endpoint for one in self._options.said.values()):
            self.refresh()
        return self._full


def _path_parameters(
    one: Registration, said: Mapping[Key, Registration], rules: list[Rule], event: Event
) -> tuple[list[str], set[str]]:
    """Return what a handler's rule calls it with, and the names that its other rules and its Resource's have."""
    texts = {other.rule for other in said.values() if other.handler is one.handler}
    exact = [rule for rule in rules if (rule.rule, rule.endpoint) == (one.rule, event.endpoint)]
    own = [*event.params, *sorted(name for name in exact[0].defaults or () if name not in event.params)]
    near = [rule for rule in rules if rule.rule in texts or rule.endpoint == event.endpoint]
    return own, {name for rule in near for name in rule.arguments}
