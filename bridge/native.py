"""Native handlers: functions that answer an event in place of a Resource's method or a view function."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import current_app, has_request_context, request

from bridge.errors import BridgeError
from bridge.events import BODILESS
from bridge.signature import Body, Handler, TakesData, Unclear, arguments, body_of, check_call

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.routing import Map

ENVIRON_KEY = "bridge.native"
_RUNNING_KEY = "bridge.native_runs"

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Registration:
    """What one ``@bridge.event(...)`` says.

    ``endpoint`` is the former one of a route that HTTP no longer has, or ""; ``resource`` is then the name of
    the class that answered it, None for a plain function, "" where it is not said.
    """

    event: str
    method: str
    rule: str
    handler: Handler
    takes_data: TakesData = None
    endpoint: str = ""
    resource: str | None = ""
    method_decorators: Sequence[Any] = ()

    @property
    def key(self) -> Key:
        """The route: method and rule."""
        return self.method, self.rule

    @property
    def name(self) -> str:
        """The handler's name, as messages give it."""
        return getattr(self.handler, "__name__", "") or repr(self.handler)

    def is_again(self, earlier: Registration) -> bool:
        """True for the same lines run once more: by a factory that makes a second app, or a module loaded again."""
        code, other = (getattr(inspect.unwrap(one.handler), "__code__", None) for one in (self, earlier))
        if code is None or other is None:
            return False
        return (code.co_filename, code.co_firstlineno, code.co_name) == (
            other.co_filename,
            other.co_firstlineno,
            other.co_name,
        )


@dataclass(frozen=True, slots=True)
class Native:
    """A handler, the method of its route, and how it wants the body."""

    method: str
    handler: Handler
    body: Body | None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the handler inside the request that stands for the event, as the method would have been called.

        ``args`` are what decorators add. While it runs, Resources and views answer themselves: a handler
        that calls the method it stands for gets that method. The body is read here, so that what
        ``request.get_json()`` raises is raised where the method would have raised it.
        """
        environ = request.environ
        environ[_RUNNING_KEY] = True
        try:
            first, named = self._arguments(kwargs)
            return self.handler(*first, *args, **named)
        finally:
            del environ[_RUNNING_KEY]

    def _arguments(self, kwargs: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        if self.body is None:
            return arguments(None, None, kwargs)
        is_silent = self.body.is_optional or self.method in BODILESS
        data = request.get_json(silent=is_silent)
        has_data = data is not None or not self.body.is_optional
        return arguments(self.body if has_data else None, data, kwargs)


@dataclass(frozen=True)
class Natives:
    """All native handlers of one app, which each dispatch of an event brings along in its environ.

    ``url_map`` is the app's, with the routes that only events have; None where there are none of those.
    """

    app: Flask
    handlers: Mapping[Key, Native] = field(default_factory=dict)
    url_map: Map | None = None


def carried(environ: Mapping[str, Any], app: Flask) -> Natives | None:
    """Return what a dispatch brings along for an app; another app may be mounted below the same server."""
    natives = environ.get(ENVIRON_KEY)
    return natives if isinstance(natives, Natives) and natives.app is app else None


def wanted() -> Native | None:
    """Return the handler that answers the current request: that of the route which routing found, or None."""
    if not has_request_context() or request.url_rule is None or _RUNNING_KEY in request.environ:
        return None
    natives = carried(request.environ, current_app._get_current_object())  # type: ignore[attr-defined]
    return natives.handlers.get((request.method, request.url_rule.rule)) if natives is not None else None


def native(said: Registration, params: Collection[str], taken: Collection[str]) -> Native:
    """Check a handler against its route; raises BridgeError where it could not be called.

    ``params`` are what the route calls it with; ``taken`` are path parameters of its other routes, which are
    never the body.
    """
    if inspect.iscoroutinefunction(said.handler):
        msg = f"the native handler of {said.event!r} is async; a Resource's method is not: write a plain function"
        raise BridgeError(msg)
    body = _body(said, {*params, *taken})
    try:
        check_call(said.handler, body, params, may_lack=said.takes_data is not None)
    except TypeError as error:
        written = ", ".join(["data", *params])
        msg = (
            f"the native handler of {said.event!r} cannot be called for {said.method} {said.rule} ({error}); "
            f"write def {said.name}({written})"
        )
        raise BridgeError(msg) from error
    return Native(said.method, said.handler, body)


def _body(said: Registration, path_parameters: Collection[str]) -> Body | None:
    try:
        return body_of(said.handler, said.takes_data, path_parameters)
    except Unclear as error:
        msg = (
            f"the signature of {said.name}, the native handler of {said.event!r}, does not say whether it takes the "
            'body: a decorator stands before it. Say @bridge.event(..., takes_data=True), False, or "optional" '
            "where it has a default; or name the parameter data and let the decorator use functools.wraps"
        )
        raise BridgeError(msg) from error
