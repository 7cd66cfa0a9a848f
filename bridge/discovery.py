"""Finds every route of a Flask app and makes its event map."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.answers import live_status
from bridge.errors import BridgeError
from bridge.events import Event, EventMap
from bridge.routes import Names, answered_methods, configured_names, is_static, map_of

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.routing import Map, Rule

Removed = Mapping[tuple[str, str], Callable[..., Any]]


def discover(
    app: Flask, names: Names | None = None, url_map: Map | None = None, removed: Removed | None = None
) -> EventMap:
    """Return the event map of an app: one event for each method of each rule, ``static`` left out.

    ``names`` maps ``(method, rule)`` to an event name of your choice. ``url_map`` has the routes that only
    events have beside the app's, and ``removed`` the handlers that answer those. Raises BridgeError where
    two routes cannot be told apart by name.
    """
    return map_of(routes_of(app, url_map, removed), names)


def routes_of(app: Flask, url_map: Map | None = None, removed: Removed | None = None) -> Iterator[Event]:
    """Yield each method of each rule, without an event name and with twins not yet folded."""
    removed = removed or {}
    for rule in (url_map or app.url_map).iter_rules():
        if is_static(rule.endpoint) or rule.websocket or rule.build_only:
            continue
        view = app.view_functions.get(rule.endpoint)
        resource = getattr(view, "view_class", None)
        for method in _methods(rule, resource, removed):
            answering = getattr(resource, method.lower(), None) if resource else view
            yield Event(
                event="",
                method=method,
                rule=rule.rule,
                params=tuple(_arguments(rule)),
                endpoint=rule.endpoint,
                resource=resource.__name__ if resource else "",
                status=live_status(removed.get((method, rule.rule), answering)),
            )


def _arguments(rule: Rule) -> Iterator[str]:
    """Yield the path parameters in the order in which the rule has them (``rule.arguments`` is a set)."""
    return (value for is_dynamic, value in rule._trace if is_dynamic and value in rule.arguments)


def _methods(rule: Rule, resource: Any, removed: Removed) -> list[str]:
    return answered_methods(
        rule.methods or {"GET"},
        has_head=_defines(resource, "head") or ("HEAD", rule.rule) in removed,
        has_options=_defines(resource, "options"),
        is_options_automatic=getattr(rule, "provide_automatic_options", None) is not False,
    )


def _defines(resource: Any, method: str) -> bool:
    return resource is not None and callable(getattr(resource, method, None))


def load_app(source: str, app_dir: str = ".") -> Flask:
    """Import ``module:app`` (or call ``module:factory()``) from ``app_dir`` and return the Flask app.

    ``module`` alone finds ``app``, ``application`` or ``create_app``. Raises BridgeError with one line.
    """
    module_name, _, attribute = source.partition(":")
    if not Path(app_dir).is_dir():
        msg = f"no such folder: --app-dir {app_dir}"
        raise BridgeError(msg)
    sys.path.insert(0, str(Path(app_dir).resolve()))
    module_name = module_name.removesuffix(".py").replace(os.sep, ".").lstrip(".")
    try:
        with contextlib.redirect_stdout(sys.stderr):  # what the app prints is not our output
            module = importlib.import_module(module_name)
    except Exception as error:
        where = Path(app_dir).resolve()
        msg = f"cannot import {module_name!r} from {where}: {type(error).__name__}: {error}{_hint(error, where)}"
        raise BridgeError(msg) from error
    return _app_in(module, attribute, source)


def _hint(error: Exception, folder: Path) -> str:
    """Name the folder to import from, where the missing module lies in one below."""
    missing = getattr(error, "name", None)
    if not isinstance(error, ModuleNotFoundError) or not missing:
        return ""
    found = next((path for path in sorted(folder.glob(f"*/{missing}.py")) if "node_modules" not in path.parts), None)
    return f" (there is {found.relative_to(folder)}: try --app-dir {found.parent.relative_to(folder)})" if found else ""


def _app_in(module: Any, attribute: str, source: str) -> Flask:
    from flask import Flask

    names = [attribute.removesuffix("()")] if attribute else ["app", "application", "create_app", "make_app"]
    found = next((getattr(module, name) for name in names if hasattr(module, name)), None)
    if found is not None and not isinstance(found, Flask) and callable(found):
        found = _made_by(found, source)
    if not isinstance(found, Flask):
        msg = f"no Flask app at {source!r}: looked for {', '.join(names)} in {module.__name__}; write module:app"
        raise BridgeError(msg)
    return found


def _made_by(factory: Any, source: str) -> Any:
    try:
        return factory()
    except Exception as error:
        msg = f"{source!r} raised {type(error).__name__}: {error}"
        raise BridgeError(msg) from error


def load_event_map(source: str, app_dir: str = ".") -> EventMap:
    """Return the event map of ``module:app``, which is imported.

    An app that has a Bridge answers with that bridge's map, overrides and native handlers included.
    """
    app = load_app(source, app_dir)
    bridge = app.extensions.get("bridge")
    return bridge.map_of(app) if bridge else discover(app, configured_names(app.config))
