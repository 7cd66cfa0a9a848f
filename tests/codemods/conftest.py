"""The real server and the Node process beside it, which all tests of behaviour share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.codemods.behaviour.driver import Driver, driving
from tests.codemods.cases import EVENTS


@pytest.fixture(scope="session")
def driver() -> Iterator[Driver]:
    """One server, one Node process; both end with the tests."""
    with driving(EVENTS) as running:
        yield running
