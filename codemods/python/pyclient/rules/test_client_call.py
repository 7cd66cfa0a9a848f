"""``client.get("/coaches")`` of Flask's test client becomes ``client.call("get_coaches")``, call by call.

An app with a Bridge makes test clients that have ``call``, so that fixtures and base classes stay as they are, and
a test that is half rewritten runs: HTTP and events of one client share their cookies.
"""

from __future__ import annotations

from codemods.python.pyclient.calls import TEST_CLIENT
from codemods.python.pyclient.rules.base import Rule, of_receiver

RULE = Rule(
    "test_client_call",
    "A call of Flask's test client: client.call(event, ...).",
    frozenset({TEST_CLIENT}),
    of_receiver,
)
