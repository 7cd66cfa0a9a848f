"""Python clients of the bridge: ``connect(url).call(event, params, body)``, and its asyncio twin ``connect_async``.

Names are resolved on first use: a Socket.IO client needs packages that a server does not (the extra ``client``).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bridge.pyclient.aio import AsyncClient, connect_async
    from bridge.pyclient.blocking import Client, connect
    from bridge.pyclient.errors import CallError, CallTimeout, ConnectionFailed, NotJSONError, StatusError
    from bridge.pyclient.result import Result

__all__ = [
    "AsyncClient",
    "CallError",
    "CallTimeout",
    "Client",
    "ConnectionFailed",
    "NotJSONError",
    "Result",
    "StatusError",
    "connect",
    "connect_async",
]

_HOMES = {
    "AsyncClient": "aio",
    "connect_async": "aio",
    "Client": "blocking",
    "connect": "blocking",
    "Result": "result",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        msg = f"module 'bridge.pyclient' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"bridge.pyclient.{_HOMES.get(name, 'errors')}"), name)
