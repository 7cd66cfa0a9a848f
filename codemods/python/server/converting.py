"""Converts the Resource methods of one file: plans each, names the handlers, writes those that are wanted."""

from __future__ import annotations

import ast

from msgspec.structs import replace

from codemods import reasons
from codemods.python.running import Place
from codemods.python.server import bridge_place
from codemods.python.server.advice import advice_on
from codemods.python.server.bound_names import global_names
from codemods.python.server.bridge_place import BridgePlace
from codemods.python.server.methods import FileMethods, Method
from codemods.python.server.naming_handlers import handler_name
from codemods.python.server.planning import Plan, Planner
from codemods.python.server.project_routes import AppReading
from codemods.python.server.spelling import is_own
from codemods.python.source import Source
from codemods.results import LEFT, LIKELY, REWRITTEN, SAFE, FileResult, Left, Site


class Converting:
    """The work on one file. ``rules`` are those to use, all if none is named."""

    def __init__(
        self,
        source: Source,
        reading: AppReading,
        place: BridgePlace,
        with_arguments: frozenset[str],
        rules: frozenset[str],
    ) -> None:
        self.source = source
        self.file = FileMethods(source, reading)
        self.planner = Planner(self.file, bridge_place.find(reading, self.file.path) or place, with_arguments)
        self.rules = rules

    def result(self, chosen: frozenset[Place] | None) -> FileResult:
        """Return the file with handlers for all methods, or for those at the places that somebody chose."""
        source = self.source
        results = [(method, self._planned(method)) for method in self.file.all()]
        sites = tuple(_asked(self._site(method, one), chosen) for method, one in results)
        plans = self._named([one for _, one in results if isinstance(one, Plan)])
        taken = [one for one in plans if chosen is None or one.method.place(source) in chosen]
        if not taken:
            return FileResult(source.name, source.data, source.data, sites)
        after = self._text(taken)
        if not _parses(after):
            return FileResult(source.name, source.data, source.data, tuple(map(_unparsable, sites)))
        advice = tuple(one for plan in taken for one in advice_on(plan.node, source, self.planner.requests))
        return FileResult(source.name, source.data, after, sites, advice=advice)

    def _planned(self, method: Method) -> Plan | Left:
        try:
            plan = self.planner.plan(method)
            if self.rules and plan.rule not in self.rules:
                raise Left(reasons.RULE_NOT_SELECTED, f"{plan.rule} was not asked for.")
        except Left as left:
            return left
        return plan

    def _site(self, method: Method, found: Plan | Left) -> Site:
        line, column = method.place(self.source)
        method = found.method if isinstance(found, Plan) else method
        events = dict.fromkeys((one.event.event, one.event.rule) for one in method.routes)
        site = Site(
            self.source.name,
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

    def _named(self, plans: list[Plan]) -> list[Plan]:
        """Give each handler its name; what is chosen later does not change that of the others."""
        if not plans:
            return plans
        taken = {self.planner.place.name}
        if any(handler_name(one.handler.routes[0].event, set()).encode() in self.source.data for one in plans):
            taken |= global_names(self.source.data)
        start = self.file.reading.start
        module = start.world.modules.get(self.file.path) if start is not None else None
        taken |= set(module.names) if module is not None else set()
        return [
            replace(one, handler=replace(one.handler, name=handler_name(one.handler.routes[0].event, taken)))
            for one in plans
        ]

    def _text(self, plans: list[Plan]) -> bytes:
        from codemods.python.server.file_rewrite import rewritten  # LibCST takes 0.3 s to load

        reading, path = self.file.reading, self.file.path
        assert reading.start is not None
        entry = reading.start.entry

        def own(source: str) -> bool:
            # A module that --init will add is not among the files yet.
            return source == self.planner.import_source or is_own(reading.project, path, entry, source)

        return rewritten(self.source, plans, self.planner.place, self.planner.import_source, own)


def _asked(site: Site, chosen: frozenset[Place] | None) -> Site:
    if chosen is None or site.outcome != REWRITTEN or site.place in chosen:
        return site
    return site.left(reasons.REFUSED, "You said no to rewriting this method.")


def _parses(data: bytes) -> bool:
    try:
        ast.parse(data)
    except (SyntaxError, ValueError):
        return False
    return True


def _unparsable(site: Site) -> Site:
    message = "The rewritten file would not parse."
    return site.left(reasons.OUTPUT_UNPARSABLE, message) if site.outcome == REWRITTEN else site
