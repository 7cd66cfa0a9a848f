"""Gives every route its event name: deterministic, unique, overridable.

The rules are the wire convention's (docs/wire.md): ``new_<singular>`` for POST, ``get_<plural>`` for a
list, and so on; a clash is solved by adding parent segments, then path parameters.
Standard library only: the codemods name the routes of source that is read and never imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bridge.errors import BridgeError
from bridge.events import Event
from bridge.inflect import is_plural, plural_name, singular_name

#: Names with a meaning of their own in Socket.IO, and those that the bridge answers itself.
RESERVED = frozenset(
    [
        "connect",
        "disconnect",
        "disconnecting",
        "connect_error",
        "newListener",
        "removeListener",
        "error",
        "message",
        "json",
        "*",
        "connected",
        "subscribe",
        "unsubscribe",
    ]
)

_VERBS = {"GET": "get", "POST": "new", "PATCH": "update", "PUT": "replace", "DELETE": "delete"}
_PARAM = re.compile(r"<(?:(?P<converter>[a-zA-Z_][\w]*)(?:\((?P<args>.*?)\))?:)?(?P<name>[a-zA-Z_]\w*)>")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a rule between slashes: ``word`` in snake case; "" where it is a path parameter."""

    word: str
    params: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Converter:
    """A path parameter of a rule: its name, its converter ("default" if none) and where it stands."""

    name: str
    kind: str
    start: int
    end: int


def converters(rule: str) -> tuple[Converter, ...]:
    """Return the path parameters of a Flask URL rule, in order."""
    return tuple(Converter(m["name"], m["converter"] or "default", m.start(), m.end()) for m in _PARAM.finditer(rule))


def segments(rule: str) -> tuple[Segment, ...]:
    """Split a rule into segments; a segment that mixes text and a parameter counts as a parameter."""
    marked = _PARAM.sub(lambda m: f"<{m['name']}>", rule)
    return tuple(_segment(part) for part in marked.split("/") if part)


def _segment(part: str) -> Segment:
    params = tuple(re.findall(r"<(\w+)>", part))
    return Segment("" if params else snake(part), params)


def snake(text: str) -> str:
    """Return ``text`` as a snake-case word: ``workoutPlans``, ``workout-plans`` -> ``workout_plans``."""
    return re.sub(r"\W+", "_", _CAMEL.sub("_", text)).strip("_").lower()


def shared_prefix(rules: Sequence[tuple[Segment, ...]]) -> int:
    """Return how many leading static segments all rules share; one that owns a parameter is no prefix."""
    count = 0
    while rules and all(len(rule) > count + 1 and rule[count].word and rule[count + 1].word for rule in rules):
        if len({rule[count] for rule in rules}) > 1:
            break
        count += 1
    return count


def name_events(routes: Iterable[Event], overrides: Mapping[tuple[str, str], str] | None = None) -> tuple[Event, ...]:
    """Return the routes with their event names filled in.

    ``overrides`` maps ``(method, rule)`` to a name. Raises BridgeError for a clash that no parent
    segment solves, naming both routes, and for an override that is reserved, taken or meets no route.
    """
    routes = list(routes)
    fixed = _checked_overrides(routes, overrides or {})
    split = [segments(route.rule) for route in routes]
    prefix = shared_prefix([parts for parts in split if parts])
    split = [parts[prefix:] for parts in split]
    items = {parts[:-1] for parts in split if len(parts) > 1 and not parts[-1].word}
    default = [_candidates(route.method, parts, parts in items) for route, parts in zip(routes, split, strict=True)]
    names = _named(routes, default, fixed)
    return tuple(replace(route, event=name) for route, name in zip(routes, names, strict=True))


def _named(routes: Sequence[Event], default: Sequence[list[str]], fixed: Mapping[tuple[str, str], str]) -> list[str]:
    """Return the names; an override that says what a route is called anyway changes nobody else's name.

    A native handler names its event. Were that taken as a choice, the name that two routes clashed over would be free
    for the other one, and a client that was migrated before would find its event renamed.
    """
    plain = _defaults(routes, default, {}) if fixed else {}
    chosen = {key: name for key, name in fixed.items() if name != plain.get(key)}
    if len(chosen) < len(fixed) and all(_defaults(routes, default, chosen).get(key) == fixed[key] for key in fixed):
        fixed = chosen
    return _resolve(routes, _choices(routes, default, fixed))


def _defaults(
    routes: Sequence[Event], default: Sequence[list[str]], chosen: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], str]:
    """Return what routes are called where only these names are chosen; nothing where that is a clash."""
    try:
        names = _resolve(routes, _choices(routes, default, chosen))
    except BridgeError:
        return {}
    return {(route.method, route.rule): name for route, name in zip(routes, names, strict=True)}


def _choices(
    routes: Sequence[Event], default: Sequence[list[str]], fixed: Mapping[tuple[str, str], str]
) -> list[list[str]]:
    keys = [(route.method, route.rule) for route in routes]
    return [[fixed[key]] if key in fixed else names for key, names in zip(keys, default, strict=True)]


def _checked_overrides(routes: Sequence[Event], overrides: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    known = {(route.method, route.rule) for route in routes}
    for key, name in overrides.items():
        if key not in known:
            near = ", ".join(sorted(f"{m} {r}" for m, r in known if key[1] == r or key[0] == m)[:5])
            msg = f"no route {key[0]} {key[1]} to be called {name!r}; the app has {near or 'no routes yet'}"
            raise BridgeError(msg)
        if name in RESERVED or name.startswith("bridge:"):
            msg = f"{name!r} is reserved and cannot name {key[0]} {key[1]}; choose another name"
            raise BridgeError(msg)
    return dict(overrides)


def _candidates(method: str, parts: tuple[Segment, ...], has_items: bool) -> list[str]:
    """Return names for one route, the best first, each later one longer than the one before."""
    owners, static = _parents(parts)
    base, verb = _base(method, parts, has_items)
    first = _join(verb, [*owners, base])
    names = [first]
    for count in range(1, len(static) + 1):
        names.append(_join(verb, [*static[-count:], *owners, base]))
    params = [param for part in parts for param in part.params]
    if params:
        names += [f"{name}_by_{'_'.join(params)}" for name in (first, names[-1])]
    written = parts[_last_word(parts)].word if _last_word(parts) >= 0 else base
    if written != base:  # /user/<id> beside /users/<id>: fall back on the word as the rule has it
        names.append(_join(verb, [*owners, written]) + (f"_by_{'_'.join(params)}" if params else "_list"))
    if verb and base.startswith(f"{verb}_"):  # GET /getUsers beside GET /users
        names.append(f"{verb}_{first}")
    return list(dict.fromkeys(_unreserved(name, method) for name in names))


def _parents(parts: tuple[Segment, ...]) -> tuple[list[str], list[str]]:
    """Return (parents that own a parameter, in the singular; static parents that do not)."""
    last = _last_word(parts)
    owners, static = [], []
    for index, part in enumerate(parts[:last] if last >= 0 else ()):
        if not part.word:
            continue
        if parts[index + 1].word:
            static.append(part.word)
        else:
            owners.append(singular_name(part.word))
    return owners, static


def _last_word(parts: tuple[Segment, ...]) -> int:
    return max((index for index, part in enumerate(parts) if part.word), default=-1)


def _base(method: str, parts: tuple[Segment, ...], has_items: bool) -> tuple[str, str]:
    """Return the inflected last word and the verb, "" where the word alone is the name."""
    verb = _VERBS.get(method, method.lower())
    last = _last_word(parts)
    if last < 0:
        return ("_".join(p for part in parts for p in part.params) or "root"), ("post" if verb == "new" else verb)
    word = parts[last].word
    if last < len(parts) - 1:
        return singular_name(word), verb
    if has_items or is_plural(word.rpartition("_")[2]):
        return (singular_name(word) if method == "POST" else plural_name(word)), verb
    return word, ("" if method == "POST" else verb)


def _join(verb: str, words: Sequence[str]) -> str:
    name = "_".join(words)
    return name if not verb or name.startswith(f"{verb}_") else f"{verb}_{name}"


def _unreserved(name: str, method: str) -> str:
    return f"{method.lower()}_{name}" if name in RESERVED else name


def _resolve(routes: Sequence[Event], candidates: Sequence[list[str]]) -> list[str]:
    """Choose a name for each route: all that clash move on to their next name until none does.

    Of those that clash, a route with nothing longer keeps the name, if it is the only such one.
    """
    level = [0] * len(routes)
    while True:
        groups: dict[str, list[int]] = {}
        for index, names in enumerate(candidates):
            groups.setdefault(names[level[index]], []).append(index)
        clashes = [group for group in groups.values() if len(group) > 1]
        if not clashes:
            return [names[level[index]] for index, names in enumerate(candidates)]
        for group in clashes:
            movable = _movable(group, level, candidates)
            if len(group) - len(movable) > 1:
                _refuse(routes, [index for index in group if index not in movable], candidates)
            for index in movable:
                level[index] += 1


def _movable(group: Sequence[int], level: Sequence[int], candidates: Sequence[list[str]]) -> list[int]:
    """Return those of a clash that move on: one that has no parent segment to add waits for the others to do so."""
    longer = [index for index in group if level[index] + 1 < len(candidates[index])]
    with_parents = [i for i in longer if not candidates[i][level[i] + 1].startswith(f"{candidates[i][0]}_by_")]
    return with_parents if len(with_parents) == len(group) - 1 else longer


def _refuse(routes: Sequence[Event], group: Sequence[int], candidates: Sequence[list[str]]) -> None:
    first, second = (routes[index] for index in group[:2])
    msg = (
        f"{first.method} {first.rule} ({first.endpoint}) and {second.method} {second.rule} ({second.endpoint}) "
        f"would both be the event {candidates[group[0]][-1]!r}; name one of them: "
        f'Bridge(..., names={{("{second.method}", "{second.rule}"): "another_name"}}), or in the app\'s config '
        f'BRIDGE_NAMES = {{"{second.method} {second.rule}": "another_name"}}'
    )
    raise BridgeError(msg)
