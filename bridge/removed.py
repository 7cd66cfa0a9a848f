"""Routes that only events have: a Resource was taken away, its native handlers go on answering as it did.

HTTP does not know such a route. A dispatch of an event is matched against a second URL map, the app's with these
routes; what answers there is a stand-in for the Resource (stand_in.py).
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from flask import current_app, has_request_context, request
from werkzeug.routing import BuildError, Map, Rule

from bridge.discovery import routes_of
from bridge.errors import BridgeError
from bridge.native import Registration, carried

if TYPE_CHECKING:
    from flask import Flask


def only_events(app: Flask, said: Iterable[Registration]) -> list[Registration]:
    """Return the handlers whose route HTTP no longer has; raises BridgeError where another one took its place."""
    found = [one for one in said if one.endpoint]
    live = {(one.method, one.rule): one.endpoint for one in routes_of(app)} if found else {}
    found = [one for one in found if live.get(one.key) != one.endpoint]
    for one in found:
        if one.key in live:
            msg = (
                f"{one.method} {one.rule} is a route of {live[one.key]!r}, not of {one.endpoint!r}: "
                f"leave out endpoint= of {one.name} where the route is still there"
            )
            raise BridgeError(msg)
        blueprint = one.endpoint.rpartition(".")[0]
        if blueprint and blueprint not in {*app.blueprints, *(known.name for known in app.blueprints.values())}:
            msg = f"{one.name} has endpoint={one.endpoint!r}, but the app has no blueprint {blueprint!r}"
            raise BridgeError(msg)
    return found


def map_with(app: Flask, removed: Sequence[Registration]) -> Map:
    """Return the app's URL map with the removed routes: each joins the rule that it was a method of, if one is left."""
    methods: dict[tuple[str, str], set[str]] = {}
    for one in removed:
        methods.setdefault((one.rule, one.endpoint), set()).update(_with_head(one.method))
    full = type(app.url_map)(host_matching=app.url_map.host_matching)
    full.__dict__.update({key: value for key, value in vars(app.url_map).items() if not key.startswith("_")})
    full.merge_slashes = app.url_map.merge_slashes
    for rule in app.url_map.iter_rules():
        twin = copy.copy(rule)  # Rule.empty() forgets what Flask and others have put on a rule
        twin.map = None  # type: ignore[assignment]
        more = methods.pop((rule.rule, rule.endpoint), None) if not rule.build_only else None
        if more is not None and twin.methods is not None:
            twin.methods = twin.methods | more
            twin.provide_automatic_options = _is_automatic(rule) and "OPTIONS" not in more  # type: ignore[attr-defined]
        full.add(twin)
    for (rule_text, endpoint), own in methods.items():
        full.add(_rule(app, rule_text, endpoint, own))
    return full


def _with_head(method: str) -> set[str]:
    return {"GET", "HEAD"} if method == "GET" else {method}


def _is_automatic(rule: Rule) -> bool:
    return getattr(rule, "provide_automatic_options", None) is not False


def _rule(app: Flask, text: str, endpoint: str, methods: set[str]) -> Rule:
    """Return a rule as ``app.add_url_rule`` makes one."""
    is_automatic = "OPTIONS" not in methods and app.config.get("PROVIDE_AUTOMATIC_OPTIONS", True)
    rule = app.url_rule_class(text, endpoint=endpoint, methods=methods | ({"OPTIONS"} if is_automatic else set()))
    rule.provide_automatic_options = is_automatic  # type: ignore[attr-defined]
    return rule


def match_with_removed(app: Flask) -> None:
    """Let the dispatches of events, and no HTTP request, be matched against the second URL map."""
    original = app.create_url_adapter

    @functools.wraps(original)
    def create_url_adapter(request: Any) -> Any:
        adapter = original(request)
        natives = carried(request.environ, app) if request is not None else None
        if adapter is not None and natives is not None and natives.url_map is not None:
            adapter.map = natives.url_map
        return adapter

    app.create_url_adapter = create_url_adapter  # type: ignore[method-assign]


def urls_of_removed(url_map: Callable[[], Map | None]) -> Callable[[Exception, str, dict[str, Any]], str | None]:
    """Return a handler for ``app.url_build_error_handlers``: ``url_for`` goes on knowing a removed route.

    What other routes answer, links to this one in it, must not change.
    """

    def build(error: Exception, endpoint: str, values: dict[str, Any]) -> str | None:
        try:
            full = url_map()
        except BridgeError:
            return None  # told to whoever connects
        ours = request._get_current_object() if has_request_context() else None  # type: ignore[attr-defined]
        adapter = current_app.create_url_adapter(ours) if full is not None else None
        if adapter is None or full is None:
            return None
        adapter.map = full
        rest = {
            key: value for key, value in values.items() if key not in ("_anchor", "_method", "_scheme", "_external")
        }
        try:
            url = adapter.build(
                endpoint,
                rest,
                method=values.get("_method"),
                url_scheme=values.get("_scheme"),
                force_external=bool(values.get("_external")),
            )
        except BuildError:
            return None
        return f"{url}#{values['_anchor']}" if values.get("_anchor") else url

    return build
