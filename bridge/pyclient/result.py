"""The answer to a call: the ack, frozen, with the methods that a response of ``requests`` has for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bridge.pyclient.errors import NotJSONError, StatusError, error


@dataclass(frozen=True, slots=True)
class Result:
    """``ok``, ``status``, ``data``, ``errors`` and ``meta`` of an ack (docs/wire.md)."""

    ok: bool
    status: int
    data: Any = None
    errors: Any = None
    meta: dict[str, Any] = field(default_factory=dict)
    event: str = ""

    @classmethod
    def of(cls, ack: Any, event: str = "") -> Result:
        """Read an ack. A handler that is not the bridge's may answer anything: then that is the data."""
        if isinstance(ack, dict) and isinstance(ack.get("status"), int) and "data" in ack:
            status, ok = ack["status"], ack.get("ok", 200 <= ack["status"] <= 299)
            return cls(bool(ok), status, ack["data"], ack.get("errors"), ack.get("meta") or {}, event)
        return cls(True, 200, ack, None, {}, event)

    def json(self) -> Any:
        """Return the data; raises NotJSONError, a ValueError, where the answer is not JSON."""
        if "type" in self.meta:
            kind = self.meta["type"]
            msg = f"the answer to {self.event} is not JSON (status {self.status}, type {kind!r})"
            raise error(NotJSONError, msg, self)
        return self.data

    def get_json(self, *, silent: bool = False) -> Any:
        """Return the data as Flask's test client does: None where the answer is not said to be JSON."""
        kind = str(self.meta.get("type", "application/json")).partition(";")[0].strip().lower()
        is_json = kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
        if "type" in self.meta and (silent or not is_json):
            return None
        return self.json()

    def raise_for_status(self) -> Result:
        """Raise StatusError for a status of 400 or more, else return this answer."""
        if self.status < 400:
            return self
        kind = "Client" if self.status < 500 else "Server"
        msg = f"{self.status} {kind} Error for event: {self.event}"
        raise error(StatusError, msg, self)

    def __bool__(self) -> bool:
        """``if result:`` would say nothing; a Response says ``ok`` there."""
        msg = "ask for result.ok"
        raise TypeError(msg)
