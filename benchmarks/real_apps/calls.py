"""Works out, from an app's routes and its own data, which calls to compare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from benchmarks.real_apps.sides import App

NOTHING: Any = object()
_PARAM = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")


@dataclass(frozen=True)
class Call:
    """One request: parameters that the rule does not have are the query."""

    method: str
    rule: str
    params: dict[str, Any] = field(default_factory=dict)
    body: Any = NOTHING
    kind: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"

    @property
    def detail(self) -> str:
        """The arguments, for a report."""
        return f"params={self.params}" + ("" if self.body is NOTHING else f" body={str(self.body)[:200]}")

    @classmethod
    def of(cls, row: dict[str, Any], kind: str = "") -> Call:
        """Read ``{call = "POST /orders", params = {...}, body = {...}}``."""
        method, _, rule = row["call"].partition(" ")
        return cls(method, rule, row.get("params", {}), row.get("body", NOTHING), kind or method)


class Side(Protocol):
    """A way to call the app."""

    def answer(self, call: Call) -> dict[str, Any]:
        """Return ``{status, ok, data, type}``; type is None where the data is JSON."""


class Recorder:
    """Asks one side and remembers what was asked and said."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.said: list[tuple[Call, dict[str, Any]]] = []

    def ask(self, call: Call) -> Any:
        """Return the data of the answer."""
        answer = self.side.answer(call)
        self.said.append((call, answer))
        return answer["data"]

    def replay(self, side: Side) -> Recorder:
        """Ask another side the same calls in the same order."""
        other = Recorder(side)
        for call, _ in self.said:
            other.ask(call)
        return other


class Routes:
    """An app's routes, those left out that are not to be called."""

    def __init__(self, events: list[dict[str, Any]], skip: list[str]) -> None:
        self.events = events
        self.names = {(e["method"], e["rule"]): e["event"] for e in events}
        self._skip = set(skip)

    def of(self, *methods: str, params: bool | None = None) -> list[dict[str, Any]]:
        """Return the routes with one of these methods, with or without path parameters."""
        return [
            e
            for e in self.events
            if e["method"] in methods
            and f"{e['method']} {e['rule']}" not in self._skip
            and (params is None or bool(e["params"]) is params)
        ]


def explore(app: App, routes: Routes, recorder: Recorder) -> None:
    """Ask everything worth asking: as nobody, logged in, writes good and bad, and all again."""
    reads(routes, recorder)
    for row in app.login:
        bad = dict.fromkeys(row.get("body", {}), "wrong")
        recorder.ask(Call.of({**row, "body": bad}, "login"))
        recorder.ask(Call.of(row, "login"))
    check(app, recorder)
    items = reads(routes, recorder)
    for row in app.calls:
        recorder.ask(Call.of(row))
    for route in routes.of("POST", "PATCH", "PUT", "DELETE"):
        if not app.is_session(route):
            writes(route, items, recorder)
    reads(routes, recorder)
    for row in app.login[-1:]:
        recorder.ask(Call.of(row, "login"))
    check(app, recorder)
    if app.logout:
        recorder.ask(Call.of({"call": app.logout}, "logout"))
        recorder.ask(Call.of({"call": app.logout}, "logout"))
    check(app, recorder)


def check(app: App, recorder: Recorder) -> None:
    """Ask who is logged in, where the app has a route for it."""
    if app.check:
        recorder.ask(Call.of({"call": app.check}, "check"))


def reads(routes: Routes, recorder: Recorder) -> dict[str, list[dict[str, Any]]]:
    """Ask every GET, those of one thing with ids from the lists; return the lists by rule."""
    lists: dict[str, list[dict[str, Any]]] = {}
    for route in routes.of("GET", params=False):
        items = _items(recorder.ask(Call("GET", route["rule"], kind="get")))
        if items:
            lists[route["rule"]] = items
    for route in routes.of("GET", params=True):
        for params in params_of(route["rule"], lists):
            recorder.ask(Call("GET", route["rule"], params, kind="get_one"))
    return lists


def writes(route: dict[str, Any], lists: dict[str, list[dict[str, Any]]], recorder: Recorder) -> None:
    """Ask a write with bodies that are good if they can be, and with bodies that are not."""
    method, rule = route["method"], route["rule"]
    choices = list(params_of(rule, lists))
    last = choices[-3 if len(choices) > 2 else 0] if route["params"] else {}
    alike = like(rule, last, lists)
    bodies = [NOTHING, {}, [1, None], "text"] + ([alike] if alike else [])
    if method == "DELETE":
        bodies = [NOTHING]
    for params in [last, *choices[-2:]] if route["params"] else [{}]:
        for body in bodies if params is last else bodies[:2]:
            recorder.ask(Call(method, rule, params, body, method))


def like(rule: str, params: dict[str, Any], lists: dict[str, list[dict[str, Any]]]) -> dict[str, Any] | None:
    """Return a body like an item of the list that the rule belongs to, one text of it changed."""
    items = lists.get(_PARAM.split(rule)[0].rstrip("/"))
    if not items:
        return None
    found = next((item for item in items if item.get("id") in params.values()), items[0])
    body = {key: value for key, value in found.items() if key != "id" and not isinstance(value, (dict, list))}
    text = next((key for key, value in body.items() if isinstance(value, str) and not value[:4].isdigit()), None)
    return {**body, text: f"{body[text]} é"} if text else body


def _items(data: Any) -> list[dict[str, Any]]:
    """Return the list of objects in an answer: the answer itself, or the one list in it."""
    if isinstance(data, dict):
        data = next((value for value in data.values() if isinstance(value, list)), [])
    return [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []


def params_of(rule: str, lists: dict[str, list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """Yield path parameters: of three things that exist, of one that does not, and nonsense."""
    found = [(m.group(1) or "string", m.group(2), rule[: m.start()].rstrip("/")) for m in _PARAM.finditer(rule)]
    known = {name: _values(kind, name, prefix, lists) for kind, name, prefix in found}
    for turn in (0, 1, -1):
        yield {name: values[turn] for name, values in known.items()}
    yield {name: 999_999 if kind == "int" else "nobody" for kind, name, _ in found}
    yield {name: "a b/ü?%" for _, name, _ in found}


def _values(kind: str, name: str, prefix: str, lists: dict[str, list[dict[str, Any]]]) -> list[Any]:
    stem = name.removesuffix("_id")
    items = lists.get(prefix) or next((v for k, v in lists.items() if k.rpartition("/")[2].startswith(stem)), [])
    for key in (name, "id") if kind == "int" else (name, "name"):
        values = [item[key] for item in items if item.get(key) is not None]
        if values:
            return values if len(values) > 1 else values * 2
    return [1, 2, 3] if kind == "int" else ["one", "two"]
