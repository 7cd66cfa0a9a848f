"""Stand-ins for Resources that were taken away, each on the Flask-RESTful Api that its Resource was on.

They only ever answer by a native handler; without one they know no more than a route that is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import NotFound

from bridge.errors import BridgeError
from bridge.native import Registration
from bridge.restful import apis_of, owner
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
            is_hidden = any(one.owns_endpoint(endpoint) for one in apis_of(app, api)) and not hasattr(
                view, "view_class"
            )
            _check_left(view, [] if is_hidden else said)


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
    candidates = apis_of(app, api) if names != {None} else []
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
    return _resource(owner(candidates, api, endpoint, said[0]), endpoint, said)


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
    names = {**methods, "method_decorators": decorators, "__module__": said[0].handler.__module__}
    resource = type(said[0].resource or "", (Resource,), names)
    resource.mediatypes, resource.endpoint = api.mediatypes_method(), own  # type: ignore[attr-defined]
    view = api.output(resource.as_view(own))  # type: ignore[attr-defined]
    for decorator in api.decorators:
        view = decorator(view)
    api.endpoints.add(own)
    return view  # type: ignore[no-any-return]


def _method(_self: Any, **_path: Any) -> Any:
    raise NotFound
