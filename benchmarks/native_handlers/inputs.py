"""Works out what to ask one converted method: bodies and path parameters, good and bad."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from benchmarks.native_handlers.hosting import KEPT
from benchmarks.real_apps.calls import NOTHING, Call, like, params_of

Lists = dict[str, list[dict[str, Any]]]
WRONG: tuple[Any, ...] = (None, "", "text", 7, -2.5, True, [1], {"a": 1})
#: More than an INTEGER column holds, and still written without an exponent by JavaScript.
HUGE = 2**63
#: What a field of this name may hold; the first part of the name that fits decides.
GUESSES = {
    "email": "new.person@example.com",
    "password": "Secret-123",
    "_id": 1,
    "date": "2026-03-04",
    "time": "10:30",
    "url": "https://example.com/a.png",
    "image": "https://example.com/a.png",
    "is_": True,
    "phone": "5551234567",
    **dict.fromkeys(("age", "price", "year", "count", "number", "rating", "quantity", "amount", "page", "star"), 3),
}


@dataclass(frozen=True)
class Method:
    """A converted method: its route, the names that its handler looks up, and what was chosen by hand for it."""

    route: dict[str, Any]
    fields: list[str]
    bodies: list[Any] = field(default_factory=list)
    params: list[dict[str, Any]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What it is called in the TOML file."""
        return f"{self.route['method']} {self.route['rule']}"

    @property
    def own_fields(self) -> list[str]:
        """The names that are looked up and are no path parameters."""
        return [name for name in self.fields if name not in self.route["params"]]

    @property
    def takes_body(self) -> bool:
        """True for methods that are asked with bodies."""
        return self.route["method"] in ("POST", "PATCH", "PUT")


def calls(method: Method, lists: Lists, *, thorough: bool) -> Iterator[Call]:
    """Yield the calls: each good body twice, each field missing and of each wrong type, no body, odd parameters.

    Those that are not ``thorough`` tell no more than whether one is let in.
    """
    verb, rule = method.route["method"], method.route["rule"]
    params = [*method.params, *_params(method, lists)]
    bodies = _bodies(method, lists, params[0]) if method.takes_body else method.bodies
    for one in params:
        yield Call(verb, rule, one, NOTHING, verb)
        yield from (Call(verb, rule, one, body, verb) for body in bodies[:1])
    for body in bodies or ([NOTHING] if verb == "DELETE" else []):
        yield Call(verb, rule, params[0], body, KEPT)
        yield Call(verb, rule, params[0], body, verb)
    if thorough and (method.takes_body or bodies):
        tried = bodies[:1] if method.bodies else bodies[:2]
        yield from (Call(verb, rule, params[0], body, verb) for body in _odd(tried))
    elif thorough:
        yield from (Call(verb, rule, {**params[0], **query}, NOTHING, verb) for query in _queries(method, lists))
    if thorough and verb == "DELETE":
        yield from (Call(verb, rule, params[0], body, verb) for body in ({}, {"id": 1}))


def _params(method: Method, lists: Lists) -> Iterator[dict[str, Any]]:
    """Yield path parameters: of things that exist, unknown, 0, negative, huge, nonsense."""
    names = method.route["params"]
    if not names:
        yield {}
        return
    yield from params_of(method.route["rule"], lists)
    for value in (0, -1, HUGE):
        yield dict.fromkeys(names, value)


def _bodies(method: Method, lists: Lists, params: dict[str, Any]) -> list[Any]:
    """Return the bodies that ought to be good: those chosen by hand, one like what there is, one guessed by names."""
    alike = like(method.route["rule"], params, lists)
    guessed = {name: _guess(name, lists) for name in method.own_fields}
    return [*method.bodies, *([{**guessed, **alike}, alike] if alike else []), *([guessed] if guessed else [])]


def _guess(name: str, lists: Lists) -> Any:
    for items in lists.values():
        for item in items:
            if item.get(name) not in (None, "") and not name.startswith(("email", "user")):
                return item[name]
    return next((value for part, value in GUESSES.items() if part in name), f"{name} text")


def _odd(bodies: list[Any]) -> Iterator[Any]:
    """Yield bodies that are no objects, then the first good body with one thing wrong at a time."""
    yield from ({}, [1, None], "text", 7, False)
    for body in [one for one in bodies if isinstance(one, dict)]:
        yield {**body, "something_else": "x"}
        yield {**body, "id": 1}
        for name in body:
            yield {key: value for key, value in body.items() if key != name}
            yield from ({**body, name: wrong} for wrong in WRONG)


def _queries(method: Method, lists: Lists) -> Iterator[dict[str, Any]]:
    for name in method.own_fields:
        guess = _guess(name, lists)
        good = [] if isinstance(guess, (list, dict)) else [guess]
        yield from ({name: value} for value in (*good, "", "abc", -1, HUGE, ["a", "b"]))
    yield {"nothing_known": "é&="}
