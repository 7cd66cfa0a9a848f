"""Matches a method and a URL against the rules of the event map, as Werkzeug would.

Static segments win over parameters, converters are respected, a trailing slash counts.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import unquote, unquote_plus

from bridge.events import Event, EventMap
from codemods import reasons
from codemods.results import Left
from codemods.urls import SPREAD, Hole, Part, Parts, Text, join, show, split, split_all

_PARAM = re.compile(r"<(?:(?P<converter>[a-zA-Z_]\w*)(?:\((?P<args>[^)]*)\))?:)?(?P<name>[a-zA-Z_]\w*)>")
_TEXTS = {
    "int": re.compile(r"\d+"),
    "float": re.compile(r"\d+\.\d+"),
    "uuid": re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
    "path": re.compile(r"[^/].*"),
}
_ANY_TEXT = re.compile(r"[^/]+")
_STATIC, _TYPED, _STRING, _PATH = range(4)


@dataclass(frozen=True, slots=True)
class Match:
    """The event that a URL reaches, with what fills its path parameters and its query string."""

    event: Event
    params: tuple[tuple[str, Part], ...] = ()
    query: tuple[tuple[str, Part], ...] = ()


@dataclass(frozen=True, slots=True)
class _Param:
    name: str
    converter: str
    args: str


_Segment = tuple[str | _Param, ...]


def match(event_map: EventMap, method: str, url: Parts) -> Match:
    """Return the event for a rooted URL. Raises Left with the nearest route where none matches."""
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
    for event in event_map:
        if event.method != method:
            continue
        for rule in (event.rule, *event.aliases):
            found = _match_rule(rule, path)
            if found is not None:
                ranked.setdefault(found[0], Match(event, found[1]))
    if not ranked:
        return None
    return ranked[max(ranked) if _depends_on_value(ranked) else min(ranked)]


def _depends_on_value(ranked: dict[tuple[int, ...], Match]) -> bool:
    return any(isinstance(value, Hole) for found in ranked.values() for _, value in found.params)


# ---- one rule ---------------------------------------------------------------------------------


@cache
def _segments(rule: str) -> tuple[_Segment, ...]:
    return tuple(_segment(text) for text in _split_rule(rule.removeprefix("/")))


def _split_rule(rule: str) -> list[str]:
    """Split at slashes that are not within ``<...>``."""
    return re.split(r"/(?![^<]*>)", rule)


def _segment(text: str) -> _Segment:
    parts: list[str | _Param] = []
    end = 0
    for found in _PARAM.finditer(text):
        if found.start() > end:
            parts.append(text[end : found.start()])
        parts.append(_Param(found["name"], found["converter"] or "string", found["args"] or ""))
        end = found.end()
    if end < len(text) or not parts:
        parts.append(text[end:])
    return tuple(parts)


def _match_rule(rule: str, path: Parts) -> tuple[tuple[int, ...], tuple[tuple[str, Part], ...]] | None:
    """Return (rank, params) when a rule matches; a lower rank is a better match."""
    wanted = _segments(rule)
    given = list(_given(path))
    rank: list[int] = []
    params: list[tuple[str, Part]] = []
    for index, segment in enumerate(wanted):
        if index >= len(given):
            return None
        first = segment[0]
        if isinstance(first, _Param) and first.converter == "path" and index == len(wanted) - 1:
            given[index:] = [_rejoin(given[index:])]
        found = _match_segment(segment, given[index])
        if found is None:
            return None
        rank.append(found[0])
        params.extend(found[1])
    return (tuple(rank), tuple(params)) if len(given) == len(wanted) else None


@lru_cache(maxsize=64)
def _given(path: Parts) -> tuple[Parts, ...]:
    """Return the segments of a path, which is asked for with each rule in turn."""
    return tuple(split_all(path, "/"))[1:]


def _rejoin(segments: list[Parts]) -> Parts:
    parts: list[Part] = []
    for segment in segments:
        parts += [Text("/"), *segment]
    return join(parts[1:])


def _match_segment(segment: _Segment, given: Parts) -> tuple[int, list[tuple[str, Part]]] | None:
    if len(segment) == 1:
        (only,) = segment
        if isinstance(only, str):
            return (_STATIC, []) if given == ((Text(only),) if only else ()) else None
        return _match_param(only, given)
    if len(given) == 1 and isinstance(given[0], Text):
        return _match_text(segment, given[0].value)
    return _match_mixed(segment, given) if len(given) == len(segment) else None


def _match_mixed(segment: _Segment, given: Parts) -> tuple[int, list[tuple[str, Part]]] | None:
    """Match text and values that alternate just as in the rule."""
    params: list[tuple[str, Part]] = []
    for one, part in zip(segment, given, strict=True):
        if isinstance(one, str):
            if part != Text(one):
                return None
        elif isinstance(part, Hole):
            params.append((one.name, part))
        else:
            return None
    return _TYPED, params


def _match_text(segment: _Segment, text: str) -> tuple[int, list[tuple[str, Part]]] | None:
    """Match constant text against a segment such as ``<name>.json``."""
    pattern = "".join(re.escape(one) if isinstance(one, str) else "(.+)" for one in segment)
    found = re.fullmatch(pattern, text)
    wanted = [one for one in segment if isinstance(one, _Param)]
    if found is None or not all(_takes(*pair) for pair in zip(wanted, map(unquote, found.groups()), strict=True)):
        return None
    values = zip(wanted, found.groups(), strict=True)
    return _TYPED, [(one.name, Text(unquote(value))) for one, value in values]


def _match_param(param: _Param, given: Parts) -> tuple[int, list[tuple[str, Part]]] | None:
    if len(given) != 1:
        return None
    (value,) = given
    rank = {"string": _STRING, "path": _PATH}.get(param.converter, _TYPED)
    if isinstance(value, Hole):
        return rank, [(param.name, value)]
    if not isinstance(value, Text) or not _takes(param, unquote(value.value)):
        return None
    return rank, [(param.name, Text(unquote(value.value)))]


def _takes(param: _Param, text: str) -> bool:
    if param.converter == "any":
        return text in {one.strip().strip("'\"") for one in param.args.split(",")}
    if param.converter in {"string", "default"}:
        return bool(_ANY_TEXT.fullmatch(text)) and not param.args
    known = _TEXTS.get(param.converter)
    return known is not None and bool(known.fullmatch(text))


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
    if whole != path and any(_match_rule(event.rule, whole) for event in event_map):
        msg = f"A value fills part of a segment of {shown}, and no rule has that shape."
        return Left(reasons.PARTIAL_SEGMENT, msg)
    return _no_route(event_map, shown, path)


def _with_whole_segments(path: Parts) -> Parts:
    """Return a path in which every segment with a value in it is that value alone."""
    segments = []
    for segment in split_all(path, "/"):
        hole = next((part for part in segment if isinstance(part, Hole)), None)
        segments.append((hole,) if hole is not None else segment)
    return _rejoin(segments)


def _other_methods(event_map: EventMap, path: Parts) -> list[tuple[Event, str]]:
    rules = ((event, rule) for event in event_map for rule in (event.rule, *event.aliases))
    return [(event, event.method) for event, rule in rules if _match_rule(rule, path) is not None]


def _no_route(event_map: EventMap, shown: str, path: Parts) -> Left:
    nearest = _nearest(event_map, path)
    hint = f"; the nearest is {nearest}" if nearest else ""
    return Left(reasons.NO_ROUTE, f"No route of the server matches {shown}{hint}.")


def _nearest(event_map: EventMap, path: Parts) -> str | None:
    shape = "".join(part.value if isinstance(part, Text) else "<>" for part in path)
    shapes = {_PARAM.sub("<>", event.rule): event.rule for event in event_map}
    close = difflib.get_close_matches(shape, shapes, n=1, cutoff=0.6)
    return shapes[close[0]] if close else None
