"""The client module itself, in Node, driven from here."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from typing import Any

import bridge
from tests.support.clients import Node
from tests.support.node_packages import NODE

MODULE = Path(bridge.__file__).parent / "client" / "socket.js"
_ids = itertools.count(1)

QUICK = {
    # A Node process has no cookies to redeem a ticket for.
    "auth: { bridge: 1 },": "",
    "reconnectionDelay: 500,": "reconnectionDelay: 20,",
    "reconnectionDelayMax: 10_000,": "reconnectionDelayMax: 200,",
    "const SETTLE = 2_000;": "const SETTLE = 300;",
    "const ASK = 10_000;": "const ASK = 1_000;",
    "const AGAIN = 1_000;": "const AGAIN = 50;",
}
"""What is made quicker for tests."""


def modules(folder: Path) -> Node:
    """Start a Node process whose clients are instances of the client module."""
    text = MODULE.read_text(encoding="utf-8")
    for old, new in QUICK.items():
        assert old in text, f"socket.js has no {old!r} any more"
        text = text.replace(old, new)
    (folder / "socket.js").write_text(text, encoding="utf-8")
    shutil.copy(NODE / "live.mjs", folder)
    shutil.copy(NODE / "package.json", folder)
    (folder / "node_modules").symlink_to(NODE / "node_modules")
    return Node("live.mjs", folder)


class ModuleClient:
    """One instance of the client module."""

    def __init__(self, node: Node, url: str) -> None:
        self._node, self._id = node, next(_ids)
        self.do("open", url=url)

    def do(self, op: str, **values: Any) -> dict[str, Any]:
        """Carry out a command of live.mjs."""
        answer = self._node.do(op, self._id, **values)
        assert "failed" not in answer, answer["failed"]
        return answer

    def emit(self, event: str, *args: Any) -> Any:
        """Emit and return the ack."""
        return self.do("emit", event=event, args=args)["ack"]

    def subscribe(self, name: str, **values: Any) -> None:
        """Subscribe one listener."""
        self.do("subscribe", name=name, **values)

    def rows(self, who: str) -> Any:
        """Return what a listener was called with last; None where it lost it, or was never called."""
        return self.do("state")["lists"].get(who)

    def close(self) -> None:
        """Disconnect."""
        self.do("close")
