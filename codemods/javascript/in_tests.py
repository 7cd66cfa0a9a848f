"""Tells the tests of a front end by where they lie: what they ask for is not the app's."""

from __future__ import annotations

import re

_TEST = re.compile(
    r"\.(?:test|spec|cy|e2e)\.[cm]?[jt]sx?$"  # Coaches.test.jsx
    r"|/(?:__tests__|__mocks__)/"
    r"|^/(?:tests?|e2e|cypress)/"  # at the top only: an app may have a folder src/tests of its own
    r"|/setupTests\.[jt]sx?$"
)


def is_test(path: str, root: str) -> bool:
    """True for a test, a mock and what sets tests up."""
    return _TEST.search(path.removeprefix(root)) is not None
