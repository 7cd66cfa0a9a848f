"""Finds the event that a call reaches: every URL that it can have must lead to the same one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import groupby

from msgspec import Struct, field
from tree_sitter import Node

from bridge.events import EventMap
from codemods import reasons
from codemods.javascript.choices import NOTHING, Assumed
from codemods.javascript.classic_scripts import ClassicScripts
from codemods.javascript.constants import Constants
from codemods.javascript.location import Place, Server, locate
from codemods.javascript.modules import Modules
from codemods.javascript.parser import Module, arguments, bare
from codemods.javascript.planned import Planned
from codemods.javascript.router import Router
from codemods.matching import Match, match
from codemods.results import Left
from codemods.urls import Hole, Parts, show

Pages = Callable[[Module, Node], list[str]]
"""Returns the pages on which a piece of code runs."""


class App(Struct, eq=False, dict=True):
    """One front end and its server: all that a rewrite looks at beside the file itself.

    ``pages`` returns the paths of its HTML files and templates. ``chosen`` are the places
    (line, column) of the calls that may be rewritten, where somebody chooses them.
    """

    modules: Modules
    event_map: EventMap
    server: Server = field(default_factory=Server)
    defines: dict[str, str] = field(default_factory=dict)
    client: str = ""
    rules: frozenset[str] = frozenset()
    chosen: frozenset[tuple[int, int]] | None = None
    plan: dict[str, Planned] = field(default_factory=dict)
    is_live: bool = False
    pages: Callable[[], tuple[str, ...]] = tuple

    @cached_property
    def router(self) -> Router:
        """The tables of its router."""
        return Router(self.modules)

    @cached_property
    def classic(self) -> ClassicScripts:
        """The files that its pages load as classic scripts."""
        return ClassicScripts(self.modules, self.pages)


class Target(Struct, frozen=True):
    """Where a call goes: for each URL that it can have, the places on the server that this URL can mean."""

    url: str
    choices: tuple[tuple[Place, ...], ...]


def find_target(app: App, module: Module, call: Node, assumed: Assumed = NOTHING, pages: Pages | None = None) -> Target:
    """Return where a call goes; ``pages`` stands in for the router. Raises Left, external for another server."""
    node = arguments(call)[0]
    urls = _urls(app, module, call, assumed) if assumed else module.once("urls", call, lambda: _urls(app, module, call))
    choices = [tuple(_locate(app, module, node, url, pages or app.router.pages)) for url in urls]
    return Target(show(urls[0]), tuple(choices))


def _urls(app: App, module: Module, call: Node, assumed: Assumed = NOTHING) -> list[Parts]:
    return Constants(app.modules, module, call, app.defines, assumed).urls(arguments(call)[0])


def _locate(app: App, module: Module, node: Node, url: Parts, pages: Pages) -> Iterable[Place]:
    first = bare(node)
    is_parameter = _is_parameter(app, module, first, url)
    return locate(
        app.server,
        url,
        is_template=first.type in {"template_string", "binary_expression", "ternary_expression"},
        is_parameter=is_parameter,
        pages=lambda: pages(module, node),
    )


def _is_parameter(app: App, module: Module, node: Node, url: Parts) -> bool:
    """True when the name that a URL starts with is a parameter."""
    code = url[0].code if url and isinstance(url[0], Hole) else ""
    binding = app.modules.scopes(module).visible(node, code.partition(".")[0]) if code else None
    return binding is not None and binding.kind == "param" and "." not in code


def find_match(app: App, method: str, target: Target, note: Callable[[str], None]) -> Match:
    """Return the one event that all URLs of a call reach with this method."""
    found: list[tuple[str, Match]] = []
    for places in target.choices:
        found.extend(_matches(app, method, places, note))
    first = found[0][1]
    if all(one == first for _, one in found):
        _note_query(first, note)
        return first
    if any(page for page, _ in found):
        hits = "; ".join(f"on {page} {one.event.method} {one.event.rule}" for page, one in found)
        msg = f"{target.url} is relative to the page: {hits}."
        raise Left(reasons.RELATIVE_URL, msg)
    rules = " or ".join(dict.fromkeys(one.event.rule for _, one in found))
    msg = f"The URL differs at run time: {rules}."
    raise Left(reasons.URL_DIFFERS, msg)


def _matches(app: App, method: str, places: tuple[Place, ...], note: Callable[[str], None]) -> list[tuple[str, Match]]:
    if any(place.page for place in places):
        return _page_matches(app, method, places, note)
    problem: Left | None = None
    for place in places:
        try:
            found = match(app.event_map, method, place.path)
        except Left as left:
            problem = problem or left
            continue
        if not place.is_certain:
            note("the host or the proxy's rewriting is taken for granted")
        return [("", found)]
    assert problem is not None
    raise problem


def _page_matches(
    app: App, method: str, places: tuple[Place, ...], note: Callable[[str], None]
) -> list[tuple[str, Match]]:
    """Return what a relative URL reaches on each page; pages on which it reaches nothing do not count."""
    found: list[tuple[str, Match]] = []
    missed: dict[str, Left] = {}
    for page, of_page in groupby(places, key=lambda place: place.page):
        try:
            found.append((page, _page_match(app, method, list(of_page))))
        except Left as left:
            missed[page] = left
    why = {left.reason for left in missed.values()} - {reasons.NO_ROUTE, reasons.WRONG_METHOD}
    if not found and len(why) == 1:
        raise next(left for left in missed.values() if left.reason in why)
    if not found or why:
        hits = [f"on {page} {one.event.method} {one.event.rule}" for page, one in found]
        hits += [f"on {page}: {left.message.rstrip('.')}" for page, left in missed.items()]
        msg = f"The URL is relative to the page, and does not reach one route on all: {'; '.join(hits)}."
        raise Left(reasons.RELATIVE_URL, msg)
    note(f"relative to the page {_listed(page for page, _ in found)}")
    if missed:
        note(f"on {_listed(missed)} it reached no route")
    return found


def _page_match(app: App, method: str, places: list[Place]) -> Match:
    """Return what a relative URL reaches on one page, which a proxy's rewriting may make several paths of."""
    page = places[0].page
    if ":" in page.rpartition("/")[0] or "*" in page:
        msg = f"The URL is relative to the page {page}, whose own path is known at run time only."
        raise Left(reasons.RELATIVE_URL, msg)
    problem: Left | None = None
    for place in places:
        try:
            return match(app.event_map, method, place.path)
        except Left as left:
            problem = problem or left
    assert problem is not None
    raise problem


def _listed(pages: Iterable[str]) -> str:
    return " and ".join(sorted(set(pages)))


def _note_query(found: Match, note: Callable[[str], None]) -> None:
    if any(isinstance(value, Hole) for _, value in found.query):
        note("undefined and lists in the query string are sent differently")
