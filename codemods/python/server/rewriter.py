"""``fetch2socket server``: each Resource method becomes a native handler, or is left with a reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property

from codemods import reasons
from codemods.python.running import Place
from codemods.python.server import bridge_place
from codemods.python.server.advice import advice_on
from codemods.python.server.already import with_arguments
from codemods.python.server.bound_names import global_names
from codemods.python.server.bridge_place import BridgePlace
from codemods.python.server.methods import FileMethods, Method
from codemods.python.server.naming_handlers import handler_name
from codemods.python.server.planning import Plan, Planner
from codemods.python.server.project_routes import AppReading
from codemods.python.server.spelling import is_own
from codemods.python.source import Source, UnparsableError
from codemods.results import LEFT, LIKELY, REWRITTEN, SAFE, FileResult, Left, Site
from codemods.run import Run, shown

_INTEREST = re.compile(rb"\bdef[ \t]+(?:get|post|put|patch|delete|head|options|trace)\b|\bResource\b")


class ServerRewriter:
    """The rewrite. ``read`` gives the app around the files, or None if there is no Flask-RESTful about."""

    noun = "method"

    def __init__(self, read: Callable[[], AppReading | None], rules: frozenset[str] = frozenset()) -> None:
        self._read = read
        self.rules = rules

    @cached_property
    def reading(self) -> AppReading | None:
        """The app, read when a first file needs it; raises BridgeError where there is none."""
        return self._read()

    @cached_property
    def place(self) -> BridgePlace | None:
        """Where the bridge is made, or is to be; None if that was never asked for."""
        if self.reading is None:
            return None
        return bridge_place.find(self.reading) or bridge_place.planned(self.reading)

    @cached_property
    def with_arguments(self) -> frozenset[str]:
        """The classes that are registered with arguments."""
        return with_arguments(self.reading) if self.reading is not None else frozenset()

    def is_of_interest(self, data: bytes) -> bool:
        """True where a class may answer requests."""
        return b"class " in data and _INTEREST.search(data) is not None

    def errors(self, data: bytes, name: str) -> int:
        """Return 1 if a file does not parse."""
        try:
            _ = Source(name, data).tree
        except UnparsableError:
            return 1
        return 0

    def rewrite(self, data: bytes, name: str, chosen: frozenset[Place] | None = None) -> FileResult:
        """Rewrite a file: everything, or only the methods at the places that somebody chose."""
        source = Source(name, data)
        try:
            has_verbs = any(isinstance(one, ast.ClassDef) for one in ast.walk(source.tree))
        except UnparsableError as error:
            return FileResult(name, data, data, (), str(error))
        if not has_verbs or self.reading is None:
            return FileResult(name, data, data)
        file = FileMethods(source, self.reading)
        methods = file.all()
        if not methods:
            return FileResult(name, data, data)
        return self._rewritten(file, methods, chosen)

    def _rewritten(self, file: FileMethods, methods: list[Method], chosen: frozenset[Place] | None) -> FileResult:
        source = file.source
        assert self.place is not None
        place = bridge_place.find(file.reading, file.path) or self.place
        planner = Planner(file, place, self.with_arguments)
        results = [(method, self._planned(planner, method)) for method in methods]
        plans = _named([one for _, one in results if isinstance(one, Plan)], source.data, file)
        sites = tuple(self._site(file, method, one) for method, one in results)
        taken = [one for one in plans if chosen is None or one.method.place(source) in chosen]
        if not taken:
            return FileResult(source.name, source.data, source.data, sites)
        after = _text(file, taken, planner)
        if self.errors(after, source.name):
            broken = "The rewritten file would not parse."
            sites = tuple(
                one.left(reasons.OUTPUT_UNPARSABLE, broken) if one.outcome == REWRITTEN else one for one in sites
            )
            return FileResult(source.name, source.data, source.data, sites)
        advice = tuple(one for plan in taken for one in advice_on(plan.node, source, planner.requests))
        return FileResult(source.name, source.data, after, sites, advice=advice)

    def _planned(self, planner: Planner, method: Method) -> Plan | Left:
        try:
            plan = planner.plan(method)
            if self.rules and plan.rule not in self.rules:
                raise Left(reasons.RULE_NOT_SELECTED, f"{plan.rule} was not asked for.")
        except Left as left:
            return left
        return plan

    def _site(self, file: FileMethods, method: Method, found: Plan | Left) -> Site:
        line, column = method.place(file.source)
        method = found.method if isinstance(found, Plan) else method
        events = dict.fromkeys((one.event.event, one.event.rule) for one in method.routes)
        site = Site(
            file.source.name,
            line,
            column,
            REWRITTEN,
            method=method.verb.upper(),
            url=", ".join(rule for _, rule in events),
            event=", ".join(event for event, _ in events),
        )
        if isinstance(found, Left):
            return replace(site, outcome=LEFT, reason=found.reason, message=found.message)
        confidence = LIKELY if found.note else SAFE
        return replace(site, rule=found.rule, confidence=confidence, message=found.note or found.remark)

    def finished(self, run: Run) -> Run:
        """Return a run with what is left to do once its changes are made."""
        return replace(run, steps=tuple(self._steps(run)))

    def _steps(self, run: Run) -> Iterator[str]:
        if not run.changed or self.place is None or self.reading is None:
            return
        if self.place.is_planned:
            target = shown((self.reading.folder / self.place.path).as_posix())
            yield f"Make the bridge first: fetch2socket server --init {target}"
            return
        yield "The Resources stay: over HTTP they answer as before; fetch2socket parity compares both ways."

    @property
    def needs_init(self) -> bool:
        """True where handlers would import a bridge that is not there yet."""
        return self.place is not None and self.place.is_planned


def _named(plans: list[Plan], data: bytes, file: FileMethods) -> list[Plan]:
    """Give each handler its name; what is chosen later does not change that of the others."""
    if not plans:
        return plans
    taken = global_names(data) | {"bridge"}
    start = file.reading.start
    module = start.world.modules.get(file.path) if start is not None else None
    taken |= set(module.names) if module is not None else set()
    return [
        replace(one, handler=replace(one.handler, name=handler_name(one.handler.routes[0].event, taken)))
        for one in plans
    ]


def _text(file: FileMethods, plans: list[Plan], planner: Planner) -> bytes:
    from codemods.python.server.file_rewrite import rewritten  # LibCST takes 0.3 s to load

    reading = file.reading
    assert reading.start is not None
    entry = reading.start.entry

    def own(source: str) -> bool:
        return is_own(reading.project, file.path, entry, source)

    return rewritten(file.source, plans, planner.place, planner.import_source, own)
