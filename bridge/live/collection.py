"""What a user declares with ``bridge.live(...)``, and the check that it can work."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from collections.abc import Collection as Several
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from bridge.errors import BridgeError
from bridge.events import EventMap
from bridge.live.sql import one_word
from bridge.naming import RESERVED

Scope = Callable[[], Hashable]


@dataclass(frozen=True, slots=True)
class Collection:
    """A GET route whose answer clients stay subscribed to.

    ``name`` is the event that its changes are pushed by, ``event`` that of the GET. ``scope`` says in the GET's own
    request who shares one result; None: those who look alike to the app. ``key`` is what tells rows apart. With
    ``model`` and ``schema`` single rows are read; ``reads`` are tables that its SQL does not name.
    """

    rule: str
    name: str = ""
    event: str = ""
    scope: Scope | None = None
    key: str = "id"
    model: Any = None
    schema: Any = None
    reads: frozenset[str] = frozenset()


def declared(
    rule: str,
    *,
    name: str | None,
    scope: Scope | None,
    key: object,
    model: Any,
    schema: Any,
    reads: Iterable[str],
) -> Collection:
    """Check what does not depend on the app; raises BridgeError, which says what to write."""
    if not isinstance(key, str):
        msg = f"bridge.live({rule!r}): key={key!r} is no name of a field that tells rows apart; write key='id'"
        raise BridgeError(msg)
    if scope is not None and not callable(scope):
        msg = f"bridge.live({rule!r}): scope is a function that says who shares a result: scope=lambda: 'everybody'"
        raise BridgeError(msg)
    if (model is None) != (schema is None):
        there, missing = ("schema", "model") if model is None else ("model", "schema")
        msg = (
            f"bridge.live({rule!r}): {there} needs {missing} beside it, so that a row can be read and written by itself"
        )
        raise BridgeError(msg)
    if model is not None and not hasattr(model, "__table__"):
        msg = f"bridge.live({rule!r}): model={model!r} has no table; write the class of your model: model=Coach"
        raise BridgeError(msg)
    if isinstance(reads, str):
        msg = f"bridge.live({rule!r}): reads is a list of tables: reads=[{reads!r}]"
        raise BridgeError(msg)
    tables = frozenset(map(one_word, reads))
    return Collection(rule, name or "", "", scope, key, model, schema, tables)


def resolved(collection: Collection, event_map: EventMap) -> Collection:
    """Return a collection with its GET's event and its name; raises BridgeError where there is no such GET."""
    event = next(
        (one for one in event_map if one.method == "GET" and collection.rule in (one.rule, *one.aliases)), None
    )
    if event is None:
        raise BridgeError(_no_route(collection.rule, event_map))
    if event.params:
        msg = (
            f"bridge.live({collection.rule!r}): a GET with parameters ({', '.join(event.params)}) is many lists; "
            "live are those without: give the list's own rule, and choose by scope"
        )
        raise BridgeError(msg)
    name = collection.name or event.event.removeprefix("get_")
    if name in RESERVED or event_map.get(name) is not None or name.startswith("bridge:"):
        msg = f"bridge.live({collection.rule!r}): {name!r} is an event name already; choose one: name='{name}_live'"
        raise BridgeError(msg)
    return replace(collection, name=name, event=event.event)


def _no_route(rule: str, event_map: EventMap) -> str:
    rules = [event.rule for event in event_map if event.method == "GET" and not event.params]
    near = get_close_matches(rule, rules, n=1)
    hint = f"the nearest is {near[0]!r}" if near else f"there are {', '.join(sorted(rules)) or 'none'}"
    return f"bridge.live({rule!r}): there is no GET {rule}; {hint}"


def resolve_all(collections: Iterable[Collection], event_map: EventMap) -> dict[str, Collection]:
    """Return all collections by name; raises BridgeError where two have one name."""
    found: dict[str, Collection] = {}
    for one in collections:
        collection = resolved(one, event_map)
        other = found.setdefault(collection.name, collection)
        if other is not collection:
            msg = f"{other.rule} and {collection.rule} are both live as {collection.name!r}; give one a name=..."
            raise BridgeError(msg)
    return found


def with_live(event_map: EventMap, collections: Several[Collection]) -> EventMap:
    """Return an event map that names the live collection of each GET that has one."""
    names = {collection.event: collection.name for collection in collections}
    return EventMap.of(replace(event, live=names.get(event.event, "")) for event in event_map) if names else event_map
