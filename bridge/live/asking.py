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

if TYPE_CHECKING:
    from flask import Flask

    from bridge.live.collection import Scope

ENVIRON_KEY = "bridge.live"


@dataclass(eq=False, slots=True)
class Asked:
    """One question: whom its answer is for, in the words of ``scope``, and the tables that it came from.

    ``found`` is False where the app answered before the route's own view did.
    """

    scope_of: Scope | None
    tables: set[str] = field(default_factory=set)
    scope: str = ""
    found: bool = False

    def take_scope(self) -> None:
        """Work the scope out: called in the request, after the view."""
        value = self.scope_of() if self.scope_of is not None else _identity()
        self.scope, self.found = repr(value), True


def reading() -> set[str] | None:
    """Return where the tables go that this context reads, if anybody wants to know."""
    environ = current.get(None)
    asked = environ.get(ENVIRON_KEY) if environ is not None else None
    return asked.tables if asked is not None else None


def _identity() -> str:
    """Return what the app can know of who asks: session, cookies, credentials, address; not which browser it is."""
    from flask import current_app, request, session

    own = {COOKIE, SECURE_COOKIE, current_app.config.get("SESSION_COOKIE_NAME", "session")}
    known = {
        "session": sorted((key, repr(value)) for key, value in dict(session).items()),
        "cookies": sorted((name, value) for name, value in request.cookies.items() if name not in own),
        "authorization": request.headers.get("Authorization", ""),
        "language": request.headers.get("Accept-Language", ""),
        "address": request.remote_addr or "",
        "host": request.host,
    }
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def watched(view: Callable[..., Any]) -> Callable[..., Any]:
    """Return a view that tells whoever asks for a live collection whom its answer is for, and what was read for it."""
    if getattr(view, "_is_watched", False):
        return view

    @wraps(view)
    def watching(*args: Any, **kwargs: Any) -> Any:
        from flask import request

        asked = request.environ.get(ENVIRON_KEY)
        answer = view(*args, **kwargs)
        if asked is not None:
            asked.take_scope()
        return answer

    watching._is_watched = True  # type: ignore[attr-defined]
    return watching


def watch(app: Flask, endpoint: str) -> None:
    """Have a route watched."""
    app.view_functions[endpoint] = watched(app.view_functions[endpoint])
