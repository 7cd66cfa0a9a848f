"""Native handlers: hand-written functions that answer an event in place of a Resource's method."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import has_request_context, request

from bridge.errors import BridgeError

if TYPE_CHECKING:
    from flask import Flask, Request

    from bridge.events import Event

Handler = Callable[..., Any]
_ENVIRON_KEY = "bridge.native"


@dataclass(frozen=True, slots=True)
class Native:
    """A handler and how it wants its arguments: ``takes_data`` is True if it has a place for the body."""

    event: str
    method: str
    rule: str
    handler: Handler
    takes_data: bool

    def stands_for(self, request: Request) -> bool:
        """True where routing found this handler's own route: a slash in a parameter may lead to another one."""
        return request.method == self.method and request.url_rule is not None and request.url_rule.rule == self.rule

    def __call__(self, **path_parameters: Any) -> Any:
        """Call the handler inside the request that stands for the event."""
        if not self.takes_data:
            return self.handler(**path_parameters)
        data = request.get_json(silent=True) if request.content_length else None
        return self.handler(data, **path_parameters)


def native(event: str, replaces: tuple[str, str], params: tuple[str, ...], handler: Handler) -> Native:
    """Check a handler's signature against its route; raises BridgeError where it could not be called."""
    method, rule = replaces
    if inspect.iscoroutinefunction(handler):
        msg = f"the native handler of {event!r} is async; a Resource's method is not: write a plain function"
        raise BridgeError(msg)
    signature = inspect.signature(handler)
    named = [p.name for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD]
    takes_data = bool(named) and named[0] not in params
    try:
        signature.bind(*([None] if takes_data else []), **dict.fromkeys(params))
    except TypeError as error:
        wanted = ", ".join(["data", *params])
        msg = (
            f"the native handler of {event!r} cannot be called for {method} {rule} ({error}); "
            f"write def {handler.__name__}({wanted})"
        )
        raise BridgeError(msg) from error
    return Native(event, method.upper(), rule, handler, takes_data)


def install(app: Flask, event: Event) -> None:
    """Make the route of ``event`` give way to a native handler that a dispatch brings along.

    A Resource keeps its ``method_decorators`` and representations: only the method itself is replaced,
    and only in a dispatch that carries a handler. HTTP goes on reaching the Resource.
    """
    view = app.view_functions[event.endpoint]
    resource = getattr(view, "view_class", None)
    if resource is None:
        app.view_functions[event.endpoint] = _giving_way(view, method=False)
        return
    name = event.method.lower()
    method = getattr(resource, name, None)
    if method is None:
        msg = f"{resource.__name__} has no method {name}() that {event.event!r} could replace"
        raise BridgeError(msg)
    setattr(resource, name, _giving_way(method, method=True))


def _giving_way(original: Handler, *, method: bool) -> Handler:
    if getattr(original, "_gives_way", False):
        return original

    @functools.wraps(original)
    def either(*args: Any, **kwargs: Any) -> Any:
        handler = request.environ.get(_ENVIRON_KEY) if has_request_context() else None
        if handler is None or not handler.stands_for(request):
            return original(*args, **kwargs)
        return handler(**kwargs)

    either._gives_way = True  # type: ignore[attr-defined]
    return either
