"""Matches a method and a URL against the rules of the event map, as Werkzeug would.

Static segments win over parameters, converters are respected, a trailing slash counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote_plus

from msgspec import Struct

from bridge.events import Event, EventMap
from codemods import reasons
from codemods.results import Left
from codemods.url_rules import rejoin, rule_table
from codemods.urls import SPREAD, Hole, Part, Parts, Text, show, split, split_all


class Match(Struct, frozen=True):
    """The event that a URL reaches, with what fills its path parameters and its query string."""

    event: Event
    params: tuple[tuple[str, Part], ...] = ()
    query: tuple[tuple[str, Part], ...] = ()


def match(event_map: EventMap, method: str, url: Parts) -> Match:
    """Return the event for a rooted URL. Raises Left with the nearest route where none matches.

    Worked out once: most routes are asked for in several places, and each call by whoever looks at it.
    """
    known = rule_table(event_map).answers
    answer = known.get((method, url))
    if answer is None:
        try:
            answer = _matched(event_map, method, url)
        except Left as left:
            answer = left
        known[method, url] = answer
    if isinstance(answer, Left):
        raise Left(answer.reason, answer.message, answer.outcome)
    assert isinstance(answer, Match)
    return answer


def _matched(event_map: EventMap, method: str, url: Parts) -> Match:
    path, query_text = split(split(url, "#")[0], "?")
    query = tuple(_query(query_text)) if query_text else ()
    found = best(event_map, method, path)
    if found is None:
        raise _no_match(event_map, method, path)
    taken = {name for name, _ in found.params}
    clash = next((key for key, _ in query if key in taken), None)
    if clash:
        msg = f"The query string repeats the path parameter {clash}."
        raise Left(reasons.QUERY_UNRESOLVED, msg)
    return Match(found.event, found.params, query)


def best(event_map: EventMap, method: str, path: Parts) -> Match | None:
    """Return the best match of a path, or None.

    Where a value decides between rules (``<int:id>`` and ``<name>`` in one place), it is the rule that takes any
    value: the bridge asks for the same URL as before, and the server decides as before.
    """
    ranked: dict[tuple[int, ...], Match] = {}
    for one, rank, params in rule_table(event_map).matches(path):
        if one.event.method == method:
            ranked.setdefault(rank, Match(one.event, params))
    if not ranked:
        return None
    return ranked[max(ranked) if _depends_on_value(ranked) else min(ranked)]


def _depends_on_value(ranked: dict[tuple[int, ...], Match]) -> bool:
    return any(isinstance(value, Hole) for found in ranked.values() for _, value in found.params)


# ---- query string -----------------------------------------------------------------------------


def _query(query: Parts) -> Iterator[tuple[str, Part]]:
    seen: set[str] = set()
    for pair in split_all(query, "&"):
        if not pair:
            continue
        key, value = split(pair, "=")
        if len(key) != 1 or not isinstance(key[0], Text) or value is None or len(value) > 1:
            msg = f"The query string {show(query)} is not made of key=value pairs that can be read here."
            raise Left(reasons.QUERY_UNRESOLVED, msg)
        name = unquote_plus(key[0].value)
        if (name in seen and name != SPREAD) or name.startswith("$"):
            msg = f"The query string has the key {name} twice." if name in seen else f"The key {name} is reserved."
            raise Left(reasons.QUERY_UNRESOLVED, msg)
        seen.add(name)
        yield name, _query_value(value)


def _query_value(value: Parts) -> Part:
    if not value:
        return Text("")
    only = value[0]
    return Text(unquote_plus(only.value)) if isinstance(only, Text) else only


# ---- no match ---------------------------------------------------------------------------------


def _no_match(event_map: EventMap, method: str, path: Parts) -> Left:
    methods = _other_methods(event_map, path)
    if methods:
        event, other = methods[0]
        rule = event.rule
        names = " and ".join(name for _, name in methods)
        if other.upper() == method.upper():
            msg = f"fetch sends the method as it is written, {method}; the route answers {other}."
        else:
            msg = f"{rule} answers {names}, not {method}."
        return Left(reasons.WRONG_METHOD, msg)
    shown = show(path)
    whole = _with_whole_segments(path)
    if whole != path and any(one.rule == one.event.rule for one, _, _ in rule_table(event_map).matches(whole)):
        msg = f"A value fills part of a segment of {shown}, and no rule has that shape."
        return Left(reasons.PARTIAL_SEGMENT, msg)
    return _no_route(event_map, shown, path)


def _with_whole_segments(path: Parts) -> Parts:
    """Return a path in which every segment with a value in it is that value alone."""
    segments = []
    for segment in split_all(path, "/"):
        hole = next((part for part in segment if isinstance(part, Hole)), None)
        segments.append((hole,) if hole is not None else segment)
    return rejoin(segments)


def _other_methods(event_map: EventMap, path: Parts) -> list[tuple[Event, str]]:
    return [(one.event, one.event.method) for one, _, _ in rule_table(event_map).matches(path)]


def _no_route(event_map: EventMap, shown: str, path: Parts) -> Left:
    nearest = _nearest(event_map, path)
    hint = f"; the nearest is {nearest}" if nearest else ""
    return Left(reasons.NO_ROUTE, f"No route of the server matches {shown}{hint}.")


def _nearest(event_map: EventMap, path: Parts) -> str | None:
    return rule_table(event_map).nearest("".join(part.value if isinstance(part, Text) else "<>" for part in path))
