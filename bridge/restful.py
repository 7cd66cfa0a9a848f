"""The Flask-RESTful Apis of an app, and which of them an endpoint belongs to."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bridge.errors import BridgeError

if TYPE_CHECKING:
    from flask import Flask

    from bridge.native import Registration


def apis_of(app: Flask, given: Any = None) -> list[Any]:
    """Return the app's Flask-RESTful Apis: each has put itself before the app's error handlers.

    ``given`` is the one that the Bridge was told of, which counts where something else hides those.
    """
    found: dict[int, Any] = {}
    handler: Any = app.handle_user_exception
    while isinstance(handler, functools.partial):
        one = getattr(handler.func, "__self__", None)
        if hasattr(one, "owns_endpoint"):
            found[id(one)] = one
        handler = handler.args[0] if handler.args else None
    return list(found.values()) or ([given] if given is not None else [])


def owner(apis: Sequence[Any], given: Any, endpoint: str, said: Registration) -> Any:
    """Return the Api that an endpoint belonged to: that of its blueprint, else the one whose prefix fits best."""
    blueprint = endpoint.rpartition(".")[0]
    fitting = [one for one in apis if (one.blueprint.name if one.blueprint else "") == blueprint.rpartition(".")[2]]
    fitting = [one for one in fitting if one.blueprint or said.rule.startswith(one.prefix or "")]
    longest = max((len(one.prefix or "") for one in fitting), default=0)
    best = [one for one in fitting if len(one.prefix or "") == longest]
    if not best:
        msg = f"no Flask-RESTful Api of this app could own {endpoint!r} ({said.rule}), the endpoint of {said.name}"
        raise BridgeError(msg)
    if any(one is given for one in best):
        return given
    if any(_character(one) != _character(best[0]) for one in best):
        msg = f"several Flask-RESTful Apis could own {endpoint!r}: name the one of removed routes, Bridge(..., api=api)"
        raise BridgeError(msg)
    return best[0]


def _character(api: Any) -> tuple[Any, ...]:
    """Return all by which two Apis of one app may answer differently."""
    return (
        type(api),
        dict(api.representations),
        api.default_mediatype,
        list(api.decorators),
        api.errors,
        api.serve_challenge_on_401,
    )
