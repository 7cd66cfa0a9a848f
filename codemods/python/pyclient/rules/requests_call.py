"""``requests.get(f"{BASE}/coaches/{id}")`` becomes ``sio.call("get_coach", {"id": id})``.

Each such call is a stranger's: the connection forgets cookies (``connect(BASE, cookies=False)``).
"""

from __future__ import annotations

from codemods.python.pyclient.calls import REQUESTS
from codemods.python.pyclient.rules.base import Rule, of_module

RULE = Rule(
    "requests_call",
    "requests.get(...) and its like: sio.call(event, ...), by a connection of the module.",
    frozenset({REQUESTS}),
    of_module,
)
