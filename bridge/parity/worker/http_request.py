"""The HTTP request of a step, as a front end's ``fetch`` makes it.

Made here once more, and not by ``bridge.call``: what parity compares the bridge with must not share its mistakes.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

from bridge.parity.steps import ABSENT, Step

_PARAMETER = re.compile(r"<(?:[^:<>]*:)?(\w+)>")
#: What the URL standard leaves as it is in a path, and what ``URLSearchParams`` would write in a query.
_PATH, _QUERY = "/:@!$&'()*+,;=~|[]", "~"


def http_request(step: Step, method: str, rule: str) -> dict[str, Any]:
    """Return the arguments of ``werkzeug.test.Client.open``."""
    names = _PARAMETER.findall(rule)
    path = _PARAMETER.sub(lambda found: js_text(step.params.get(found[1])), rule)
    pairs = [pair for name, value in step.params.items() if name not in names for pair in _pairs(name, value)]
    request: dict[str, Any] = {
        "path": quote(path, safe=_PATH),
        "method": method,
        "query_string": "&".join(f"{quote(name, safe=_QUERY)}={quote(text, safe=_QUERY)}" for name, text in pairs),
        "headers": {"Accept": "*/*", **step.headers},
    }
    if step.body is not ABSENT and step.body is not None:  # null means no body (docs/wire.md)
        request |= {"data": json.dumps(step.body), "content_type": "application/json"}
    return request


def _pairs(name: str, value: Any) -> list[tuple[str, str]]:
    return [(name, js_text(one)) for one in (value if isinstance(value, list) else [value])]


def js_text(value: Any) -> str:
    """Return what ``${value}`` gives in JavaScript; lists and objects are never asked for."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value == int(value) and abs(value) < 1e21:
        return str(int(value))
    return str(value)
