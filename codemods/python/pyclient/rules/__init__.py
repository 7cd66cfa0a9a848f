"""All rules: each is a kind of call, and says what stands in place of the function that was called."""

from __future__ import annotations

from codemods.python.pyclient.rules.base import Rule
from codemods.python.pyclient.rules.httpx_call import RULE as HTTPX_CALL
from codemods.python.pyclient.rules.requests_call import RULE as REQUESTS_CALL
from codemods.python.pyclient.rules.session_call import RULE as SESSION_CALL
from codemods.python.pyclient.rules.test_client_call import RULE as TEST_CLIENT_CALL

RULES: tuple[Rule, ...] = (REQUESTS_CALL, SESSION_CALL, HTTPX_CALL, TEST_CLIENT_CALL)


def rule_of(kind: str) -> Rule:
    """Return the rule for a kind of call."""
    return next(one for one in RULES if kind in one.kinds)
