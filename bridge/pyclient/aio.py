"""The client for asyncio: ``async with connect_async(url) as sio: result = await sio.call("get_coaches")``."""

from __future__ import annotations

import asyncio
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


def connect_async(url: str, **options: Any) -> AsyncClient:
    """Return an asyncio client of the server at a URL; it connects at its first call, and anew after a break."""
    return AsyncClient(url, **options)


class AsyncClient:
    """What ``bridge.pyclient.Client`` is, for asyncio; all its calls belong to one event loop."""

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
        need({"python-socketio[asyncio_client]": "aiohttp"})
        self.timeout = timeout
        self.headers: dict[str, str] = dict(headers or {})
        self._identity = Identity(origin_of(url), cookies)
        self._transports = list(transports)
        self._verify = verify
        self._lock = asyncio.Lock()
        self._link: _Link | None = None

    async def call(
        self, event: str, *given: Any, params: Any = NOT_GIVEN, body: Any = NOT_GIVEN, timeout: float | None = None
    ) -> Result:
        """Call an event and return its answer; arguments and errors are those of ``Client.call``."""
        values = arguments(given, params, body)
        seconds = self.timeout if timeout is None else timeout
        link = await self._connected(seconds)
        return Result.of(await link.ask(event, values, seconds), event)

    async def close(self) -> None:
        """End the connection; a later call opens another."""
        link, self._link = self._link, None
        if link is not None:
            await link.close()

    aclose = close

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _connected(self, seconds: float) -> _Link:
        async with self._lock:
            link = self._link
            if link is None or link.is_broken or link.headers != self.headers:
                await self.close()
                link = self._link = _Link(self._identity, dict(self.headers), self._verify)
                await link.open(self._transports, seconds)
            return link


class _Link:
    """One connection."""

    def __init__(self, identity: Identity, headers: dict[str, str], verify: bool) -> None:
        import socketio

        self.headers = headers
        self.is_broken = False
        self._identity = identity
        self._max_payload = MAX_PAYLOAD
        self._waiting: set[asyncio.Future[Any]] = set()
        self._socket = socketio.AsyncClient(reconnection=False, ssl_verify=verify, json=Json, handle_sigint=False)
        self._socket.on("disconnect", self._broke)
        self._socket.on("connected", self._welcomed)
        self._socket.on("bridge:ticket", self._redeem)

    async def open(self, transports: list[str], seconds: float) -> None:
        import aiohttp
        import socketio

        identity = self._identity
        try:
            await self._socket.connect(
                identity.origin,
                headers=identity.handshake(self.headers),
                auth=identity.auth,
                transports=transports,
                wait_timeout=seconds,
            )
        except (socketio.exceptions.ConnectionError, aiohttp.ClientError, OSError) as reason:
            self.is_broken = True
            raise failed(identity.origin, reason) from reason

    async def ask(self, event: str, values: tuple[Any, ...], seconds: float) -> Any:
        import socketio

        if size_of(event, values) > self._max_payload:
            return too_large(self._max_payload)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.add(answer)
        try:
            await self._socket.emit(event, values, callback=lambda *acks: _put(answer, acks[0] if acks else None))
            found = await asyncio.wait_for(answer, seconds)
        except TimeoutError:
            raise unanswered(event, seconds) from None
        except socketio.exceptions.BadNamespaceError:
            found = _BROKEN
        finally:
            self._waiting.discard(answer)
        if found is _BROKEN:
            raise broke(self._identity.origin, event)
        return found

    async def close(self) -> None:
        self.is_broken = True
        await self._socket.disconnect()

    def _broke(self, *_: Any) -> None:
        self.is_broken = True
        for answer in list(self._waiting):
            _put(answer, _BROKEN)

    def _welcomed(self, hello: Any) -> None:
        self._max_payload = max_payload(hello, self._max_payload)

    async def _redeem(self, ticket: str) -> None:
        await asyncio.to_thread(self._identity.redeem, ticket)


def _put(answer: asyncio.Future[Any], value: Any) -> None:
    if not answer.done():
        answer.set_result(value)
