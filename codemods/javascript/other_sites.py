"""Makes the rows of requests that are made with another client than ``fetch``: left alone, or to another server."""

from __future__ import annotations

from msgspec.structs import replace

from codemods import reasons
from codemods.javascript.constants import Constants
from codemods.javascript.location import Place, locate
from codemods.javascript.other_clients import OtherCall, find_others
from codemods.javascript.parser import Module, bare
from codemods.javascript.resolving import App
from codemods.matching import match
from codemods.results import EXTERNAL, LEFT, Left, Site
from codemods.urls import Parts, Text, join, leading_text, show

_SCHEMES = ("http:", "https:", "//")


def other_sites(app: App, module: Module, shown: str) -> list[Site]:
    """Return a row for each request of a file that is made with something else than ``fetch``."""
    return [_row(app, module, shown, one) for one in find_others(app.modules, module)]


def _row(app: App, module: Module, shown: str, call: OtherCall) -> Site:
    at = call.node.start_byte
    msg = f"The call is made with {call.client.name}; only fetch is rewritten."
    site = Site(shown, module.line(at), module.column(at), LEFT, reasons.OTHER_CLIENT, msg, method=call.method)
    if call.url is None:
        return site
    url = _url(app, module, call)
    site = replace(site, url=show(url))
    try:
        places = _places(app, module, call, url)
        event = _event(app, call.method, places)
    except Left as left:
        if left.outcome != EXTERNAL:
            return site
        return replace(site, outcome=EXTERNAL, reason=left.reason, message=left.message)
    return replace(site, event=event, message=f"{msg[:-1]}; its event is {event}." if event else msg)


def _url(app: App, module: Module, call: OtherCall) -> Parts:
    """Return the URL of a call, behind the base of the instance that makes it."""
    assert call.url is not None
    url = Constants(app.modules, module, call.node, app.defines).urls(call.url)[0]
    client = call.client
    if client.base is None or client.module is None or leading_text(url).startswith(_SCHEMES):
        return url
    base = Constants(app.modules, client.module, client.base, app.defines).urls(client.base)[0]
    last = base[-1] if base else Text("")
    has_slash = isinstance(last, Text) and last.value.endswith("/")
    if leading_text(url).startswith("/"):
        return (
            join((*base[:-1], Text(last.value[:-1]), *url))
            if has_slash and isinstance(last, Text)
            else join((*base, *url))
        )
    return join((*base, *url)) if has_slash else join((*base, Text("/"), *url))


def _places(app: App, module: Module, call: OtherCall, url: Parts) -> list[Place]:
    assert call.url is not None
    is_template = bare(call.url).type in {"template_string", "binary_expression"} or call.client.base is not None
    return locate(app.server, url, is_template=is_template, is_parameter=False, pages=list)


def _event(app: App, method: str, places: list[Place]) -> str:
    for place in places:
        try:
            return match(app.event_map, method, place.path).event.event
        except Left:
            continue
    return ""
