"""Routes that only events have, as ``bridge/removed.py`` finds them: their Resources were taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from bridge.routes import answered_methods
from codemods.python.values import UNKNOWN, App, Class, Gone, Rule, View

Removed = Mapping[tuple[str, str], Gone]


def only_events(app: App) -> Removed:
    """Return the native handlers whose route the app does not register, by method and rule."""
    gone = app.bridge.gone if app.bridge is not None else {}
    live = {(method, rule.rule): rule.endpoint for rule in app.rules for method in methods_of(rule, {})} if gone else {}
    return {route: one for route, one in gone.items() if live.get(route) != one.endpoint}


def with_removed(rules: Sequence[Rule], removed: Removed) -> list[Rule]:
    """Return rules with the removed routes: each joins the rule that it was a method of, if one is left."""
    methods: dict[tuple[str, str], set[str]] = {}
    for (method, rule), one in removed.items():
        methods.setdefault((rule, one.endpoint), set()).add(method)
    found = []
    for one_rule in rules:
        more = methods.pop((one_rule.rule, one_rule.endpoint), set())
        is_automatic = one_rule.is_options_automatic and "OPTIONS" not in more
        found.append(replace(one_rule, methods=one_rule.methods | more, is_options_automatic=is_automatic))
    for (rule, endpoint), own in methods.items():
        found.append(Rule(rule, endpoint, UNKNOWN, frozenset(own | {"OPTIONS"}), "OPTIONS" not in own))
    return found


def class_of(rule: Rule) -> Class | None:
    """Return the Resource of a rule, or None for a plain function."""
    return rule.view.cls if isinstance(rule.view, View) else None


def methods_of(rule: Rule, removed: Removed) -> list[str]:
    """Return the methods of a rule that are events."""
    cls = class_of(rule)
    return answered_methods(
        rule.methods,
        has_head=(cls is not None and cls.has("head")) or ("HEAD", rule.rule) in removed,
        has_options=cls is not None and cls.has("options"),
        is_options_automatic=rule.is_options_automatic,
    )
