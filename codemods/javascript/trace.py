"""Follows one call the way the rewrite does and keeps what it learns on the way: for ``fetch2socket explain``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from codemods.explained import Step
from codemods.javascript.constants import Constants
from codemods.javascript.location import Place
from codemods.javascript.parser import FUNCTIONS, Module, arguments, walk
from codemods.javascript.proxy import Proxy
from codemods.javascript.request import read_request
from codemods.javascript.resolving import App, Target, find_match, find_target
from codemods.javascript.scope import Binding
from codemods.matching import Match
from codemods.results import Left
from codemods.urls import Hole, Part, Parts, Text, show

_ENVIRONMENT = re.compile(r"(?:import\.meta|process)\.env\.(\w+)")
_OF_THE_BUILD = frozenset({"DEV", "PROD", "MODE", "SSR", "BASE_URL", "NODE_ENV"})
_LONGEST = 80
OBSTACLE = "but"
"""The label of what keeps a call from being understood."""


def trace(app: App, module: Module, call: Node) -> Iterator[Step]:
    """Yield what is known of a ``fetch`` call, in the order in which it is found out; obstacles are labelled so."""
    given = arguments(call)
    if not given:
        return
    yield Step("url", short(module.text(given[0])))
    for origin in _origins(app, module, given[0]):
        yield Step("", origin)
    method = ""
    try:
        method = read_request(app.modules, module, call).method
        yield Step("method", method)
    except Left as left:
        yield Step(OBSTACLE, str(left))
    try:
        yield from _reached(app, module, call, method)
    except Left as left:
        yield Step(OBSTACLE, str(left))


def _reached(app: App, module: Module, call: Node, method: str) -> Iterator[Step]:
    written = arguments(call)[0]
    urls = Constants(app.modules, module, call, app.defines).urls(written)
    for url in urls:
        yield from _url(app, url, module.text(written))
    target = find_target(app, module, call)
    yield from _places(target, {show(url) for url in urls})
    if method:
        yield from _route(find_match(app, method, target, lambda _: None))


def short(text: str) -> str:
    """Return code on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."


# ---- where the parts of a URL come from -------------------------------------------------------


def _origins(app: App, module: Module, url: Node) -> Iterator[str]:
    """Yield where the value of each name in a URL comes from, through constants and imports."""
    todo: list[tuple[Module, Node]] = [(module, url)]
    seen: set[tuple[str, str]] = set()
    while todo:
        where, node = todo.pop(0)
        for variable in _ENVIRONMENT.findall(where.text(node)):
            if ("", variable) not in seen:
                seen.add(("", variable))
                yield _set_by(app, variable)
        for name in (one for one in walk(node) if one.type == "identifier"):
            key = where.path, where.text(name)
            if key not in seen:
                seen.add(key)
                yield from _origin(app, where, name, todo)


def _set_by(app: App, variable: str) -> str:
    if variable in app.defines:
        return f"{variable} = {app.defines[variable]}, from --define or .env"
    return f"{variable}: set by the build" if variable in _OF_THE_BUILD else f"{variable}: not in .env, no --define"


def _origin(app: App, module: Module, name: Node, todo: list[tuple[Module, Node]]) -> Iterator[str]:
    text = module.text(name)
    binding = app.modules.scopes(module).binding(name)
    if binding is None:
        if text in app.defines:
            yield _set_by(app, text)
        return
    if binding.kind == "import":
        found = app.modules.imported(module, binding)
        if found is not None:
            yield f"{text}: imported, {short(found[0].text(found[1]))}, {_place(app, *found)}"
            _follow(found[0], found[1], todo)
        else:
            yield f"{text}: imported from a package"
        return
    if binding.is_constant and binding.value is not None:
        _follow(module, binding.value, todo)
    yield f"{_declared(module, binding)}, {_place(app, module, binding.node)}"


def _follow(module: Module, value: Node, todo: list[tuple[Module, Node]]) -> None:
    """Look at what a value is made of, too; what a function does is not known by its names."""
    if value.type not in FUNCTIONS:
        todo.append((module, value))


def _declared(module: Module, binding: Binding) -> str:
    if binding.kind == "param":
        return f"{binding.name}: a parameter"
    if not binding.is_constant:
        return f"{binding.name}: assigned to more than once"
    return short(module.text(binding.declaration))


def _place(app: App, module: Module, node: Node) -> str:
    return f"{module.path.removeprefix(f'{app.modules.root}/')}:{module.line(node.start_byte)}"


# ---- where it leads ---------------------------------------------------------------------------


def _url(app: App, url: Parts, written: str) -> Iterator[Step]:
    """Yield what the URL is, unless it is written just so, and the proxy's rule for it."""
    if show(url) not in {written.strip("\"'`"), f"${{{written}}}"}:
        yield Step("is", show(url))
    found = app.server.proxy_of(url)
    if found is not None:
        yield Step("proxy", _about(found))


def _about(proxy: Proxy) -> str:
    goes = f"{proxy.prefix} goes to {proxy.host}"
    if not proxy.strips and not proxy.puts:
        return goes
    maybe = "" if proxy.is_certain else "perhaps "
    return f"{goes}, {maybe}with {proxy.puts or 'nothing'} in place of {proxy.strips or 'nothing'} in front"


def _places(target: Target, told: set[str]) -> Iterator[Step]:
    for place in dict.fromkeys(place for choice in target.choices for place in choice):
        if _on_server(place) not in told:
            yield Step("path", _on_server(place))


def _on_server(place: Place) -> str:
    return f"{show(place.path)} on page {place.page}" if place.page else show(place.path)


def _route(found: Match) -> Iterator[Step]:
    event = found.event
    yield Step("route", f"{event.method} {event.rule}")
    pairs = ", ".join(f"{name} = {_value(value)}" for name, value in (*found.params, *found.query))
    yield Step("event", f"{event.event}, {pairs}" if pairs else event.event)


def _value(value: Part) -> str:
    if isinstance(value, Hole):
        return short(value.code)
    return value.value if isinstance(value, Text) else value.name
