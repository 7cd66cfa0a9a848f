"""One Socket.IO connection: who is behind it, its cookies, its order, and the acks that it is owed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from bridge import wire
from bridge.ack import ack_of, refusal
from bridge.browsers import Browsers, Ticket, browser_id, new_browser_id
from bridge.call import Refused, Route
from bridge.cookies import CookieJar, default_path, is_opaque, keeps_secure
from bridge.dispatch import COMMITTED, Dispatcher, Environ, WSGIApp
from bridge.flow import Flow, Written
from bridge.live.subscriptions import Subscriptions

if TYPE_CHECKING:
    from bridge.live.hub import Hub
    from bridge.live.room import Room
    from bridge.shadow import Sample, Shadow
    from bridge.workers import Inline, Lane

#: An ack waits this long for its ticket to be redeemed, so that a page that reloads at once is logged in.
TICKET_WAIT = 3.0

_logger = logging.getLogger("bridge")
_access = logging.getLogger("bridge.access")


class Connection:
    """State of one client; what it is sent goes through ``flow``."""

    def __init__(
        self,
        handshake: Environ,
        *,
        wsgi_app: Callable[[], WSGIApp],
        lane: Lane | Inline,
        flow: Flow,
        later: Callable[[Callable[[], None]], None],
        browsers: Browsers,
        debug: bool,
        hub: Hub | None = None,
        shadow: Shadow | None = None,
    ) -> None:
        cookies = str(handshake.get("HTTP_COOKIE", ""))
        scheme = str(handshake.get("wsgi.url_scheme", "http"))
        self.secure = scheme in ("https", "wss")
        self.browser = (
            browser_id(cookies, secure=self.secure) or str(handshake.get("bridge.browser", "")) or new_browser_id()
        )
        self.jar = CookieJar(cookies, secure=keeps_secure(scheme, str(handshake.get("HTTP_HOST", ""))))
        self.dispatcher = Dispatcher(wsgi_app, handshake, self.jar, debug=debug)
        self.lane = lane
        self.sid = ""
        self.redeems_tickets = False
        self.keeps_cookies = True
        self._flow = flow
        self._later = later
        self._browsers = browsers
        self._shadow = shadow
        self.subscriptions = Subscriptions(self, hub) if hub is not None else None

    def answer(self, frame: wire.Frame, route: Route, native: object) -> None:
        """Answer an event that was admitted: run its call through the app and send the ack."""
        sample = self._shadow.sample(frame, route, native, self.dispatcher) if self._shadow is not None else None
        news: list[tuple[str, str]] = []

        def on_cookies(headers: list[str], path: str) -> None:
            if self._browsers.apply(self.browser, headers, path):
                news.extend((header, path) for header in headers)
            elif route.writes and any(map(is_opaque, headers)):
                # The same id of a session that the server keeps (Flask-Session): somebody else may be logged in.
                for connection in self._browsers.of(self.browser):
                    connection.cookies_changed()

        if self.keeps_cookies:
            result = self._result(frame, route, native, self.dispatcher, on_cookies, sample)
        else:
            dispatcher, jar = self.dispatcher.forgetful()
            result = self._result(frame, route, native, dispatcher, jar.update, sample)
        packet = wire.ack_text(frame.namespace, frame.id, result) if frame.id else ""
        sent = sample.answered(result) if sample is not None else None
        if news and self.redeems_tickets:
            self._offer_ticket(news, lambda: self._flow.settle(packet, len(frame.text), sent))
        else:
            self._flow.settle(packet, len(frame.text), sent)

    def closed(self) -> None:
        """Take this connection out of its browser's; its acks go nowhere from now on."""
        self._browsers.remove(self)
        if self.subscriptions is not None:
            self.subscriptions.close()

    def send(self, packet: str, written: Written = lambda: None) -> None:
        """Send a packet that answers nothing; ``written`` is called when it goes out."""
        self._flow.send(packet, written)

    def cookies_changed(self) -> None:
        """Be told that who is behind this connection may be somebody else from now on."""
        if self.subscriptions is not None:
            self.subscriptions.recheck()

    def subscribe(self, frame: wire.Frame) -> None:
        """Take a frame that was admitted and that asks for a live collection, or ends that."""
        assert self.subscriptions is not None  # else nobody hands such a frame on

        def settle(result: str) -> None:
            packet = wire.ack_text(frame.namespace, frame.id, result) if frame.id else ""
            self._flow.settle(packet, len(frame.text))

        self.subscriptions.take(frame, settle)

    def _result(
        self,
        frame: wire.Frame,
        route: Route,
        native: object,
        dispatcher: Dispatcher,
        on_cookies: Callable[[list[str], str], object],
        sample: Sample | None,
    ) -> str:
        """Return the ack. The border of dispatch: whatever goes wrong below becomes one."""
        try:
            told: dict[Room, int] = {}
            extra = {COMMITTED: told} if sample is None else {COMMITTED: told, **sample.environ}
            answer = dispatcher.answer(route.call(frame), native, on_cookies, extra)
            if _access.isEnabledFor(logging.INFO):
                _access.info("%s  %s %s  %d", frame.event, route.event.method, route.event.rule, answer.status)
            versions = self.subscriptions.versions(told) if told and self.subscriptions is not None else {}
            return ack_of(answer, {"versions": versions} if versions else {})
        except Refused as refused:
            return refusal(refused.status, refused.sentence)
        except Exception:
            _logger.exception("the answer to %r could not be made", frame.event)
            return refusal(500, "Internal Server Error")

    def _offer_ticket(self, cookies: list[tuple[str, str]], settle: Callable[[], None]) -> None:
        done = threading.Event()
        once = threading.Lock()

        def finish() -> None:
            with once:
                if done.is_set():
                    return
                done.set()
            settle()

        headers = tuple(_with_path(header, path) for header, path in cookies)
        number = self._browsers.issue(Ticket(self.browser, headers, finish))
        self._flow.send(wire.event_text("bridge:ticket", number))
        self._later(finish)


def _with_path(set_cookie: str, request_path: str) -> str:
    """Name the path that the cookie has by default, since the ticket is redeemed at another one."""
    if any(part.strip().lower().startswith("path=") for part in set_cookie.split(";")[1:]):
        return set_cookie
    return f"{set_cookie}; Path={default_path(request_path)}"
