"""Makes views give way to native handlers, in a dispatch that brings them along and in no other request.

Nothing is kept here: which handler answers is read from the request's environ, so one class may serve several apps.
"""

from __future__ import annotations

import copy
import functools
from types import MethodType
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask.views import MethodView

from bridge.errors import BridgeError
from bridge.native import Native, wanted
from bridge.restful import apis_of
from bridge.signature import Handler

if TYPE_CHECKING:
    from flask import Flask

    from bridge.events import Event

_MARK = "_gives_way"


def give_way(app: Flask, event: Event, *, is_removed: bool) -> None:
    """Make the route of ``event`` give way to its native handler.

    A Resource keeps its ``method_decorators`` and representations: only the method itself is replaced. A class
    needs no method for a route that was removed.
    """
    view = app.view_functions[event.endpoint]
    resource = getattr(view, "view_class", None)
    if resource is None and any(api.owns_endpoint(event.endpoint) for api in apis_of(app)):
        from flask_restful import Resource

        resource = Resource  # a decorator of the Api hides the class; it must not be passed by
        is_removed = True
    if resource is None:
        app.view_functions[event.endpoint] = _function(view)
        return
    has_method = is_removed or not issubclass(resource, MethodView) or hasattr(resource, event.method.lower())
    if not has_method:
        msg = f"{resource.__name__} has no method {event.method.lower()}() that {event.event!r} could replace"
        raise BridgeError(msg)
    if not hasattr(resource.dispatch_request, _MARK):
        resource.dispatch_request = _dispatch_request(resource.dispatch_request)


def _function(original: Handler) -> Handler:
    if hasattr(original, _MARK):
        return original

    @functools.wraps(original)
    def view(*args: Any, **kwargs: Any) -> Any:
        native = wanted()
        return current_app.ensure_sync(original)(*args, **kwargs) if native is None else native(*args, **kwargs)

    setattr(view, _MARK, True)
    return view


def _dispatch_request(original: Handler) -> Handler:
    """Give the one object that answers the request a method of its own.

    The class's methods stay as they are for whoever calls them: handlers, hooks, subclasses, other apps.
    """

    @functools.wraps(original)
    def dispatch_request(self: Any, *args: Any, **kwargs: Any) -> Any:
        native = wanted()
        if native is None:
            return current_app.ensure_sync(original)(self, *args, **kwargs)
        if not isinstance(self, MethodView):
            return native(*args, **kwargs)
        if not getattr(self, "init_every_request", True):
            self = copy.copy(self)  # it answers other requests at the same time
        name = native.method.lower()
        setattr(self, name, MethodType(_method(native, type(self), name), self))
        return original(self, *args, **kwargs)

    setattr(dispatch_request, _MARK, True)
    return dispatch_request


def _method(native: Native, resource: type, name: str) -> Handler:
    """Return the handler as a method that looks like the one it replaces: decorators make keys of names."""

    def method(_self: Any, *args: Any, **kwargs: Any) -> Any:
        return native(*args, **kwargs)

    replaced = getattr(resource, name, None)
    if replaced is not None:
        return functools.wraps(replaced)(method)
    method.__name__, method.__qualname__, method.__module__ = (
        name,
        f"{resource.__qualname__}.{name}",
        resource.__module__,
    )
    return method
