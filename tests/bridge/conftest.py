"""What tests over real connections share: the Node process, and clients that are closed at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.clients import Client, JavaScriptClient, Node, PythonClient
from tests.support.raw_client import RawClient


@pytest.fixture(params=["javascript", "python"])
def client_kind(request: pytest.FixtureRequest) -> str:
    """Run the test once with each client."""
    return str(request.param)


@pytest.fixture
def connect(node: Node) -> Iterator[Callable[..., Client]]:
    """Return ``connect(kind, url, **options)``; what it opened is closed when the test ends."""
    opened: list[Client] = []

    def connect(kind: str, url: str, **options: Any) -> Client:
        client: Client = (
            JavaScriptClient(node, url, **options) if kind == "javascript" else PythonClient(url, **options)
        )
        opened.append(client)
        return client

    yield connect
    for client in opened:
        client.close()


@pytest.fixture
def raw() -> Iterator[Callable[..., RawClient]]:
    """Return ``raw(url, **options)``, a client that speaks frame by frame."""
    opened: list[RawClient] = []

    def connect(url: str, **options: Any) -> RawClient:
        opened.append(RawClient(url, **options))
        return opened[-1]

    yield connect
    for client in opened:
        client.close()
