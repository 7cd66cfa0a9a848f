"""What tests of several folders share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.clients import Node


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """The one Node process that runs all JavaScript clients; its packages are installed when they are missing."""
    process = Node()
    yield process
    process.close()
