"""Matches a path against all rules of an event map at once, as Werkzeug would match it against each.

Most rules cannot match by their number of segments or by one that is constant: nothing else is looked at for them,
which counts where an app has hundreds of rules.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from msgspec import Struct, field

from bridge.events import Event, EventMap
from codemods.urls import Hole, Part, Parts, Text, join, split_all

_PARAM = re.compile(r"<(?:(?P<converter>[a-zA-Z_]\w*)(?:\((?P<args>[^)]*)\))?:)?(?P<name>[a-zA-Z_]\w*)>")
_TEXTS = {
    "int": re.compile(r"\d+"),
    "float": re.compile(r"\d+\.\d+"),
    "uuid": re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
    "path": re.compile(r"[^/].*"),
}
_ANY_TEXT = re.compile(r"[^/]+")
_STATIC, _TYPED, _STRING, _PATH = range(4)


Rank = tuple[int, ...]
"""How well a rule matches: of two that do, the lower one is the better."""
Params = tuple[tuple[str, Part], ...]


class _Param(Struct, frozen=True):
    name: str
    converter: str
    args: str


_Segment = tuple[str | _Param, ...]


class Rule(Struct, frozen=True):
    """One rule of an event, its own or an alias, at its ``place`` in the map."""

    event: Event
    rule: str
    place: int
    segments: tuple[_Segment, ...]

    @property
    def constants(self) -> dict[int, str]:
        """The segments that are text, by their number."""
        only = ((index, one[0]) for index, one in enumerate(self.segments) if len(one) == 1)
        return {index: text for index, text in only if isinstance(text, str)}

    @property
    def is_open(self) -> bool:
        """True where the last segment takes all that is left of a path."""
        first = self.segments[-1][0]
        return isinstance(first, _Param) and first.converter == "path"

    def match(self, given: Sequence[Parts]) -> tuple[Rank, Params] | None:
        """Return how well the segments of a path match, and what fills the parameters."""
        last = len(self.segments) - 1
        rank: list[int] = []
        params: list[tuple[str, Part]] = []
        for index, segment in enumerate(self.segments):
            is_rest = index == last and self.is_open
            found = _match_segment(segment, rejoin(given[index:]) if is_rest else given[index])
            if found is None:
                return None
            rank.append(found[0])
            params.extend(found[1])
        return tuple(rank), tuple(params)


_Shape = tuple[int, bool, tuple[int, ...]]


class RuleTable(Struct, eq=False):
    """The rules of an event map, by their shape and by the text that is constant in them.

    A shape is the number of segments, whether the last one takes all that is left, and which are constant. ``answers``
    are what was found out of URLs before, for whoever asks.
    """

    event_map: EventMap
    answers: dict[tuple[str, Parts], object] = field(default_factory=dict)
    _by_shape: dict[_Shape, dict[tuple[str | None, ...], list[Rule]]] = field(default_factory=dict)
    _found: dict[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        pairs = [(event, rule) for event in self.event_map for rule in (event.rule, *event.aliases)]
        for place, (event, text) in enumerate(pairs):
            rule = Rule(event, text, place, _segments(text))
            shape = len(rule.segments), rule.is_open, tuple(rule.constants)
            self._by_shape.setdefault(shape, {}).setdefault((*rule.constants.values(),), []).append(rule)

    def matches(self, path: Parts) -> Iterator[tuple[Rule, Rank, Params]]:
        """Yield the rules that match a path, in the order of the map."""
        given = tuple(split_all(path, "/"))[1:]
        for rule in sorted(self._possible(given), key=lambda one: one.place):
            found = rule.match(given)
            if found is not None:
                yield rule, *found

    def _possible(self, given: Sequence[Parts]) -> Iterator[Rule]:
        known = [_constant(one) for one in given]
        for (count, is_open, places), rules in self._by_shape.items():
            if count == len(given) or (is_open and count < len(given)):
                yield from rules.get(tuple(known[place] for place in places), ())

    def nearest(self, shape: str) -> str | None:
        """Return the rule that looks most like a path, in which ``<>`` stands for a value."""
        if shape not in self._found:
            shapes = {_PARAM.sub("<>", event.rule): event.rule for event in self.event_map}
            close = difflib.get_close_matches(shape, shapes, n=1, cutoff=0.6)
            self._found[shape] = shapes[close[0]] if close else None
        return self._found[shape]


_tables: dict[int, RuleTable] = {}
_MOST_TABLES = 8


def rule_table(event_map: EventMap) -> RuleTable:
    """Return the table of an event map, which is made once."""
    known = _tables.get(id(event_map))
    if known is None or known.event_map is not event_map:
        if len(_tables) >= _MOST_TABLES:
            _tables.clear()
        known = _tables[id(event_map)] = RuleTable(event_map)
    return known


def _constant(segment: Parts) -> str | None:
    """Return the text of a segment, or None where a value is in it."""
    if not segment:
        return ""
    only = segment[0]
    return only.value if len(segment) == 1 and isinstance(only, Text) else None


# ---- one segment ---------------------------------------------------------------------------------


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


def rejoin(segments: Sequence[Parts]) -> Parts:
    """Return the path that is made of segments."""
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
