"""The client for scripts and services: ``sio = connect(url)``, ``sio.call("get_coach", {"id": 3}).json()``."""

from __future__ import annotations

import os
import queue
import threading
from typing import Any

from bridge.pyclient.arguments import NOT_GIVEN, arguments
from bridge.pyclient.connecting import (
    MAX_PAYLOAD,
    TIMEOUT,
    Identity,
    Json,
    broke,
    failed,
    max_payload,
    need,
    origin_of,
    size_of,
    too_large,
    unanswered,
)
from bridge.pyclient.result import Result

_BROKEN = object()


def connect(url: str, **options: Any) -> Client:
    """Return a client of the server at a URL; it connects at its first call, and anew after a break."""
    return Client(url, **options)


class Client:
    """Calls events, over one connection. Safe to use from several threads.

    ``timeout`` is what a call waits for its answer, in seconds. ``headers`` go with the connection, and so with
    every call; they may be changed later. ``cookies=False`` forgets the cookies of each answer, as ``requests.get``
    does; else a login holds, over reconnections too. ``verify=False`` accepts any certificate.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = TIMEOUT,
        headers: dict[str, str] | None = None,
        cookies: bool = True,
        transports: tuple[str, ...] = ("websocket",),
        verify: bool = True,
    ) -> None:
        need({"python-socketio[client]": "websocket", "requests": "requests"})
        self.timeout = timeout
        self.headers: dict[str, str] = dict(headers or {})
        self._identity = Identity(origin_of(url), cookies)
        self._transports = list(transports)
        self._verify = verify
        self._lock = threading.RLock()
        self._link: _Link | None = None

    def call(
        self, event: str, *given: Any, params: Any = NOT_GIVEN, body: Any = NOT_GIVEN, timeout: float | None = None
    ) -> Result:
        """Call an event and return its answer; raises ConnectionFailed or CallTimeout where none comes.

        ``call(event)``, ``call(event, params_or_body)``, ``call(event, params, body)``, or by keyword: ``params``
        alone means that there is no body.
        """
        values = arguments(given, params, body)
        seconds = self.timeout if timeout is None else timeout
        return Result.of(self._connected(seconds).ask(event, values, seconds), event)

    def close(self) -> None:
        """End the connection; a later call opens another."""
        with self._lock:
            link, self._link = self._link, None
        if link is not None:
            link.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _connected(self, seconds: float) -> _Link:
        """Return the connection, or another one where it broke or its headers are no longer those that are wanted."""
        with self._lock:
            link = self._link
            if link is not None and link.process != os.getpid():
                link = self._link = None  # a fork shares the parent's socket, but not its threads
            if link is None or link.is_broken or link.headers != self.headers:
                self.close()
                link = self._link = _Link(self._identity, dict(self.headers), self._verify)
                link.open(self._transports, seconds)
            return link


class _Link:
    """One connection; python-socketio's own ``call`` would wait its whole timeout when that breaks."""

    def __init__(self, identity: Identity, headers: dict[str, str], verify: bool) -> None:
        import socketio

        self.headers = headers
        self.process = os.getpid()
        self.is_broken = False
        self._identity = identity
        self._max_payload = MAX_PAYLOAD
        self._lock = threading.Lock()
        self._waiting: set[queue.SimpleQueue[Any]] = set()
        self._socket = socketio.Client(
            reconnection=False,
            ssl_verify=verify,
            json=Json,
            handle_sigint=False,
            # requests sends no Origin; websocket-client would, and apps may look at it.
            websocket_extra_options={"suppress_origin": True},
        )
        self._socket.on("disconnect", lambda *_: self._broke())
        self._socket.on("connected", self._welcomed)
        self._socket.on("bridge:ticket", identity.redeem)

    def open(self, transports: list[str], seconds: float) -> None:
        import socketio

        identity = self._identity
        try:
            self._socket.connect(
                identity.origin,
                headers=identity.handshake(self.headers),
                auth=identity.auth,
                transports=transports,
                wait_timeout=seconds,
            )
        except (socketio.exceptions.ConnectionError, OSError) as reason:
            self.is_broken = True
            raise failed(identity.origin, reason) from reason

    def ask(self, event: str, values: tuple[Any, ...], seconds: float) -> Any:
        import socketio

        if size_of(event, values) > self._max_payload:
            return too_large(self._max_payload)
        answer: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with self._lock:
            self._waiting.add(answer)
            try:
                self._socket.emit(event, values, callback=lambda *acks: answer.put(acks[0] if acks else None))
            except socketio.exceptions.BadNamespaceError:
                answer.put(_BROKEN)
        try:
            found = answer.get(timeout=seconds)
        except queue.Empty:
            raise unanswered(event, seconds) from None
        finally:
            self._waiting.discard(answer)
        if found is _BROKEN:
            raise broke(self._identity.origin, event)
        return found

    def close(self) -> None:
        self.is_broken = True
        # Not waited for: websocket-client's close() and its reader may wait 3 s for the same frame.
        threading.Thread(target=self._socket.disconnect, daemon=True).start()

    def _broke(self) -> None:
        self.is_broken = True
        for answer in list(self._waiting):
            answer.put(_BROKEN)

    def _welcomed(self, hello: Any) -> None:
        self._max_payload = max_payload(hello, self._max_payload)
