"""``session = requests.Session()`` becomes ``session = connect(BASE)``, and with it all its calls, or none of them.

A session keeps logins between its calls; so does a connection. Half a session over HTTP would not see the other's.
"""

from __future__ import annotations

from codemods.python.pyclient.calls import SESSION
from codemods.python.pyclient.rules.base import Rule, of_receiver

RULE = Rule(
    "session_call",
    "A requests.Session, with all its calls: session.call(event, ...), by a connection.",
    frozenset({SESSION}),
    of_receiver,
)
