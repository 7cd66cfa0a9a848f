"""Reads the event map of a Flask app from its source, which is parsed and followed but never imported.

The map is the one that the app itself would give (``bridge/discovery.py``); what cannot be read is a finding.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from msgspec import Struct

from bridge.answers import status_of
from bridge.errors import BridgeError
from bridge.events import Event, EventMap
from bridge.naming import converters
from bridge.routes import Names, configured_names, is_static, map_of
from codemods.python.bridged import with_collections
from codemods.python.collecting import collector_paused
from codemods.python.entries import ROUTES, Start, starts
from codemods.python.project import Project
from codemods.python.registering import WORDS
from codemods.python.removed import class_of, methods_of, only_events, with_removed
from codemods.python.values import App, Function, Place, Rule, Value

_FunctionDef = ast.FunctionDef | ast.AsyncFunctionDef


class Finding(Struct, frozen=True):
    """One thing of the source that was passed over, or that is not certain; ``line`` is 0 for a whole file."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


class Reading(Struct, frozen=True):
    """The event map of a folder of source, and what is to be said about it."""

    event_map: EventMap
    findings: tuple[Finding, ...] = ()


def read_routes(files: Mapping[str, bytes], parts: tuple[str, ...] = (), entry: str = "") -> Reading:
    """Return the event map of the app in Python files, given by their path below a folder.

    ``parts`` are the names on the way to that folder, which its own imports may begin with; ``entry`` is the
    file that starts the app, where it is not to be found. Raises BridgeError where there is no app.
    """
    project = Project(files, parts)
    with collector_paused():
        found = starts(project, entry)
        for path in files:
            project.check(path)
    broken = [Finding(path, 0, f"{why}; passed over.") for path, why in sorted(project.broken.items())]
    if not found:
        where = f" The first problem is {broken[0]}" if broken else ""
        msg = f"no Flask app in {len(files)} Python files: name it as module:app, or give the folder it is in.{where}"
        raise BridgeError(msg)
    first, *others = found
    notes = [Finding(place.path, place.line, message) for place, message in first.world.findings]
    notes += [*_uncalled(first), *_other_apps(first, others)]
    notes += [] if entry else _unreached(project, found)
    event_map, said = _read_map(first)
    notes += [Finding(place.path, place.line, message) for place, message in said]
    return Reading(event_map, (*broken, *sorted(notes, key=lambda one: (one.path, one.line))))


def event_map_of(start: Start) -> EventMap:
    """Return the event map of an app that was read."""
    return _read_map(start)[0]


def _read_map(start: Start) -> tuple[EventMap, list[tuple[Place, str]]]:
    event_map = map_of(_events(start), _names(start.app))
    return (event_map, []) if start.app.bridge is None else with_collections(start.app.bridge, event_map)


def _in_order(rules: list[Rule]) -> Iterator[Rule]:
    """Yield rules as werkzeug lists them: by endpoint, and for one endpoint the rule with most arguments first."""
    by_endpoint: dict[str, list[Rule]] = {}
    for rule in rules:
        by_endpoint.setdefault(rule.endpoint, []).append(rule)
    for same in by_endpoint.values():
        yield from sorted(same, key=lambda rule: (-len(_arguments(rule)), -len(rule.defaults)))


def _arguments(rule: Rule) -> set[str]:
    return {one.name for one in converters(rule.rule)} | rule.defaults


def _events(start: Start) -> Iterator[Event]:
    removed = only_events(start.app)
    for rule in _in_order(with_removed(start.app.rules, removed)):
        if not is_static(rule.endpoint):
            cls = class_of(rule)
            for method in methods_of(rule, removed):
                gone = removed.get((method, rule.rule))
                named = next((one.resource for one in removed.values() if one.endpoint == rule.endpoint), "")
                answering = cls.find(method.lower()) if cls is not None else rule.view
                yield Event(
                    event="",
                    method=method,
                    rule=rule.rule,
                    params=tuple(one.name for one in converters(rule.rule)),
                    endpoint=rule.endpoint,
                    resource=cls.name if cls is not None else named,
                    status=_status(gone.handler if gone is not None else answering),
                )


def _names(app: App) -> Names:
    """Return the event names that the app chooses itself, as its Bridge would take them."""
    chosen = configured_names(app.config) | (app.bridge.chosen if app.bridge is not None else {})
    return {route: name for route, name in chosen.items() if isinstance(name, str)}


def _status(view: Value) -> int:
    node = view.original().node if isinstance(view, Function) else None
    return status_of(node) if isinstance(node, _FunctionDef) else 0


# ---- what else there is to say ------------------------------------------------------------------


def _other_apps(first: Start, others: list[Start]) -> Iterator[Finding]:
    """Name each further app that has routes of its own."""
    known = {rule.rule for rule in first.app.rules}
    for one in others:
        if not {rule.rule for rule in one.app.rules} <= known:
            place, count = one.app.place, len(one.app.rules)
            where = f"taken is that of {first.app.place}; give {one.entry} as SOURCE to take this one."
            msg = f"There are several Flask apps, this one with {count} rules: {where}"
            yield Finding(place.path, place.line, msg)


def _unreached(project: Project, found: list[Start]) -> Iterator[Finding]:
    """Name the files with routes that no app imports."""
    reached = {path for start in found for path in start.world.modules}
    for path, data in project.files.items():
        if (
            path not in reached
            and path not in project.broken
            and ROUTES.search(data)
            and _registers(project.tree(path))
        ):
            yield Finding(path, 0, f"holds routes, but {found[0].entry} does not import it; they are left out.")


def _uncalled(start: Start) -> Iterator[Finding]:
    """Name the functions that would register routes, were they called."""
    for path in start.world.modules:
        tree = start.world.project.tree(path) if ROUTES.search(start.world.project.files.get(path, b"")) else None
        for node in _outermost(tree):
            if id(node) not in start.world.called and any(map(_registers, node.body)):
                msg = f"{node.name}() registers routes, but nothing that is read here calls it; they are left out."
                yield Finding(path, node.lineno, msg)


def _outermost(node: ast.AST | None) -> Iterator[_FunctionDef]:
    for one in ast.iter_child_nodes(node) if node is not None else ():
        if isinstance(one, _FunctionDef):
            yield one
        else:
            yield from _outermost(one)


def _registers(node: ast.AST | None) -> bool:
    """True where a piece of source registers a route on something."""
    calls = (one.func for one in ast.walk(node) if isinstance(one, ast.Call)) if node is not None else ()
    return any(getattr(one, "attr", "") in {*WORDS, "route"} for one in calls)
