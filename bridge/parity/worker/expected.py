"""What an ack has to say, worked out from the HTTP answer by the wire convention (docs/wire.md).

Written once more beside ``bridge.ack``, by the standard library's ``json``: it is what that is compared with.
"""

from __future__ import annotations

import json
from typing import Any

_NO_BODY = (204, 205, 304)


def expected(status: int, body: bytes, content_type: str, method: str) -> dict[str, Any]:
    """Return ``ok``, ``status``, ``data``, ``errors`` and ``type`` of the ack for an HTTP answer."""
    ok = 200 <= status < 300
    if not body or method == "HEAD" or status in _NO_BODY:
        return {"ok": ok, "status": status, "data": None, "errors": None, "type": ""}
    text = body.decode("utf-8-sig", "replace")
    try:
        data = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        kind = content_type or "application/octet-stream"
        return {"ok": ok, "status": status, "data": text, "errors": None if ok else text, "type": kind}
    return {"ok": ok, "status": status, "data": data, "errors": None if ok else _errors(data), "type": None}


def _errors(data: Any) -> Any:
    if isinstance(data, dict):
        for key in ("errors", "error", "message"):
            if data.get(key) is not None:
                return data[key]
    return data


def _refuse(constant: str) -> None:
    raise ValueError(constant)
