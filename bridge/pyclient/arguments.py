"""What ``call(...)`` sends: the arguments of the wire convention, params written as ``requests`` writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_BLAMELESS = {"application/json", "*/*"}


class _NotGiven:
    """Stands for an argument that was left out, which is not the same as None."""


NOT_GIVEN = _NotGiven()


def arguments(given: tuple[Any, ...], params: Any, body: Any) -> tuple[Any, ...]:
    """Return the arguments of the event.

    One positional argument goes as it is: the event decides whether it is the params or the body. Two are
    ``(params, body)``; so are the keywords, of which ``params`` alone says that there is no body.
    """
    if len(given) > 2 or (given and (params is not NOT_GIVEN or body is not NOT_GIVEN)):
        msg = "write call(event), call(event, params_or_body), call(event, params, body), or params= and body="
        raise TypeError(msg)
    if params is not NOT_GIVEN:
        given = (params, None if body is NOT_GIVEN else body)
    elif body is not NOT_GIVEN:
        given = ({}, body)
    if _has_bytes(given):
        msg = "only JSON values travel by events; send files over HTTP"
        raise TypeError(msg)
    return (encoded(given[0]), given[1]) if len(given) == 2 else given


def encoded(params: Any) -> Any:
    """Return params as a URL would have them: None left out, a list as it is, all else text unless it is a number."""
    if not isinstance(params, Mapping):
        return params
    values = {key: _value(value) for key, value in params.items() if value is not None and key[:1] != "$"}
    own = {key: value for key, value in params.items() if key[:1] == "$" and key != "$headers"}
    headers = _headers(params.get("$headers") or {})
    return {**values, **own, **({"$headers": headers} if headers else {})}


def _value(value: Any) -> Any:
    if isinstance(value, list | tuple | set | frozenset):
        return [_value(one) for one in value if one is not None]
    is_plain = isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))
    return value if is_plain else str(value)


def _headers(headers: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what says JSON of a body that is nothing else."""
    return {
        name: value
        for name, value in headers.items()
        if not (name.lower() == "content-type" and str(value).partition(";")[0] in _BLAMELESS)
    }


def _has_bytes(value: Any) -> bool:
    if isinstance(value, bytes | bytearray | memoryview):
        return True
    if isinstance(value, dict):
        return any(map(_has_bytes, value.values()))
    return isinstance(value, list | tuple) and any(map(_has_bytes, value))
