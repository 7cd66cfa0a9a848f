"""Stand-ins for Resources that were taken away, each on the Flask-RESTful Api that its Resource was on.

They only ever answer by a native handler; without one they know no more than a route that is not there.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import NotFound

from bridge.errors import BridgeError
from bridge.native import Registration
from bridge.signature import Handler

if TYPE_CHECKING:
    from flask import Flask

_MARK = "_stands_in"


def put_stand_ins(app: Flask, removed: Sequence[Registration], api: Any) -> None:
    """Give each endpoint that was removed as a whole a view; one that is left serves its other methods as before."""
    for endpoint in dict.fromkeys(one.endpoint for one in removed):
        said = [one for one in removed if one.endpoint == endpoint]
        view = app.view_functions.get(endpoint)
        if view is None or hasattr(view, _MARK):
            view = app.view_functions[endpoint] = _stand_in(app, endpoint, said, api)
            setattr(view, _MARK, True)
        else:
            _check_left(view, said)


def _check_left(view: Handler, said: Sequence[Registration]) -> None:
    name = getattr(getattr(view, "view_class", None), "__name__", None)
    for one in said:
        if one.resource != "" and one.resource != name:
            msg = f"{one.name} has resource={one.resource!r}, but {one.endpoint!r} is {name or 'a plain function'}"
            raise BridgeError(msg)
        if one.method_decorators:
            msg = f"{one.name} has method_decorators, but {name or one.endpoint} is still there with its own"
            raise BridgeError(msg)


def _stand_in(app: Flask, endpoint: str, said: Sequence[Registration], api: Any) -> Handler:
    names = {one.resource for one in said}
    candidates = list(_apis(app, api)) if names != {None} else []
    if len(names) > 1:
        msg = f"the native handlers of {endpoint!r} name different Resources: {', '.join(map(repr, names))}"
        raise BridgeError(msg)
    if names == {""} and candidates:
        msg = (
            f"{endpoint!r} is gone: say @bridge.event(..., endpoint={endpoint!r}, resource=...), the name of the "
            "Resource class that answered there, or None if it was a plain function"
        )
        raise BridgeError(msg)
    if names <= {"", None}:
        return _plain(endpoint, said)
    return _resource(_owner(candidates, api, endpoint, said[0]), endpoint, said)


def _plain(endpoint: str, said: Sequence[Registration]) -> Handler:
    if any(one.method_decorators for one in said):
        msg = f"{endpoint!r} was a plain function: put its decorators below @bridge.event, not into method_decorators"
        raise BridgeError(msg)

    def view(**_path: Any) -> Any:
        raise NotFound

    view.__name__ = endpoint.rpartition(".")[2]
    return view


def _resource(api: Any, endpoint: str, said: Sequence[Registration]) -> Handler:
    """Do what Flask-RESTful does with ``api.add_resource``, but for the rule."""
    from flask_restful import Resource

    own = endpoint.removeprefix(f"{api.blueprint.name}.") if api.blueprint else endpoint
    decorators = {one.method.lower(): list(one.method_decorators) for one in said}
    methods = {one.method.lower(): _method for one in said}
    resource = type(said[0].resource or "", (Resource,), {**methods, "method_decorators": decorators})
    resource.mediatypes, resource.endpoint = api.mediatypes_method(), own  # type: ignore[attr-defined]
    view = api.output(resource.as_view(own))  # type: ignore[attr-defined]
    for decorator in api.decorators:
        view = decorator(view)
    if not hasattr(view, "view_class"):
        view.view_class = resource
    api.endpoints.add(own)
    return view  # type: ignore[no-any-return]


def _method(_self: Any, **_path: Any) -> Any:
    raise NotFound


def _apis(app: Flask, given: Any) -> Iterator[Any]:
    """Yield the app's Flask-RESTful Apis: each has put itself before the app's error handlers."""
    found: dict[int, Any] = {id(given): given}
    handler: Any = app.handle_user_exception
    while isinstance(handler, functools.partial):
        one = getattr(handler.func, "__self__", None)
        found.setdefault(id(one), one)
        handler = handler.args[0] if handler.args else None
    yield from (one for one in found.values() if hasattr(one, "owns_endpoint"))


def _owner(apis: Sequence[Any], given: Any, endpoint: str, said: Registration) -> Any:
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
