"""Clients that are closed at the end, and the Node process of those that are the client module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.bridge.live.module_client import ModuleClient, modules
from tests.bridge.live.world import Follower
from tests.support.clients import Node


@pytest.fixture
def follow() -> Iterator[Callable[..., Follower]]:
    """Return ``follow(url, **options)``, a client that merges deltas."""
    opened: list[Follower] = []

    def open_one(url: str, **options: Any) -> Follower:
        opened.append(Follower(url, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture(scope="module")
def live_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    node = modules(tmp_path_factory.mktemp("modules"))
    yield node
    node.close()


@pytest.fixture
def module(live_node: Node) -> Iterator[Callable[[str], ModuleClient]]:
    """Return ``module(url)``, an instance of the client module."""
    opened: list[ModuleClient] = []

    def open_one(url: str) -> ModuleClient:
        opened.append(ModuleClient(live_node, url))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()
