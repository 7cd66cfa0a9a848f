"""Asks a live collection's GET as one of its subscribers, and watches what it reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any

from bridge.browsers import COOKIE, SECURE_COOKIE
from bridge.dispatch import current
from bridge.live.sql import words

if TYPE_CHECKING:
    from flask import Flask

    from bridge.live.collection import Scope

ENVIRON_KEY = "bridge.live"
#: What differs between the connections of one person, and of no request.
_NOT_WHO = frozenset({"REMOTE_PORT", "HTTP_COOKIE", "HTTP_ORIGIN", "HTTP_REFERER", "HTTP_TRACEPARENT"})


@dataclass(eq=False, slots=True)
class Asked:
    """One question: whom its answer is for, in the words of ``scope``, and the SQL that it came from.

    ``found`` is False where the app answered before the route's own view did. ``by_client`` is True where a client
    subscribes: what such a GET writes counts as any write does. What a look writes does not (a ``last_seen``, say):
    it would lead to the next one, for ever.
    """

    scope_of: Scope | None
    by_client: bool = False
    statements: set[str] = field(default_factory=set)
    scope: str = ""
    found: bool = False

    def take_scope(self) -> None:
        """Work the scope out: called in the request, after the view."""
        value = self.scope_of() if self.scope_of is not None else _identity()
        self.scope, self.found = repr(value), True

    @property
    def tables(self) -> frozenset[str]:
        """Every name that its SQL has, those of tables among them."""
        return frozenset().union(*map(words, self.statements))


def asked_here() -> Asked | None:
    """Return the question that this context answers, None where it answers something else."""
    environ = current.get(None)
    return environ.get(ENVIRON_KEY) if environ is not None else None


def reading() -> set[str] | None:
    """Return where the SQL goes that this context runs, if anybody wants to know."""
    asked = asked_here()
    return asked.statements if asked is not None else None


def _identity() -> str:
    """Return all that the app can know of who asks: session, cookies, headers, address; not which browser it is."""
    from flask import current_app, request, session

    own = {COOKIE, SECURE_COOKIE, current_app.config.get("SESSION_COOKIE_NAME", "session")}
    known = {
        "scheme": [request.scheme],
        "session": sorted((repr(key), repr(value)) for key, value in dict(session).items()),
        "cookies": sorted((name, value) for name, value in request.cookies.items(multi=True) if name not in own),
        "environ": sorted(
            (name, value)
            for name, value in request.environ.items()
            if isinstance(value, str) and name not in _NOT_WHO and "." not in name
        ),
    }
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()


def watched(view: Callable[..., Any]) -> Callable[..., Any]:
    """Return a view that tells whoever asks for a live collection whom its answer is for."""
    if getattr(view, "_is_watched", False):
        return view

    @wraps(view)
    def watching(*args: Any, **kwargs: Any) -> Any:
        from flask import current_app

        answer = current_app.ensure_sync(view)(*args, **kwargs)
        asked = asked_here()
        if asked is not None:
            asked.take_scope()
        return answer

    watching._is_watched = True  # type: ignore[attr-defined]
    return watching


def watch(app: Flask, endpoint: str) -> None:
    """Have a route watched."""
    app.view_functions[endpoint] = watched(app.view_functions[endpoint])
