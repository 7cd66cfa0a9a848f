"""Finds which path on the server a URL reaches: hosts, dev proxies, and pages for relative URLs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from codemods import reasons
from codemods.javascript.proxy import Proxy
from codemods.results import EXTERNAL, Left
from codemods.urls import Hole, Parts, Text, Unknown, cut, join, leading_text, show

LOCAL = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "[::1]"})
_FLASK_PORT = "5000"
_PAGE_PORTS = frozenset({"3000", "5173"})
"""What create-react-app and Vite serve the page on, unless told."""
_ABSOLUTE = re.compile(r"(?:https?:)?//(?P<host>[^/?#]*)", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_BASE = re.compile(r"base|url|uri|api|host|server|endpoint|origin|root|prefix", re.IGNORECASE)


class Place(Struct, frozen=True):
    """A path that a URL may reach on the server; ``page`` is the page it was resolved against."""

    path: Parts
    is_certain: bool = True
    page: str = ""


class Server(Struct, frozen=True):
    """How the front end reaches its server: ``hosts`` are those given by hand, as host or host:port."""

    hosts: frozenset[str] = frozenset()
    proxies: tuple[Proxy, ...] = field(default=())

    def is_own(self, host: str) -> tuple[bool, bool]:
        """Return (is the app's, is certain) for the host of an absolute URL."""
        if host in self.hosts:
            return True, True
        name, _, port = host.rpartition(":") if re.search(r":\d+$", host) else (host, "", "")
        if name not in LOCAL:
            return False, True
        known = self.hosts | {proxy.host for proxy in self.proxies}
        if not known:
            return True, False
        ports = {one.rpartition(":")[2] if re.search(r":\d+$", one) else "" for one in known}
        return port in ports or port == _FLASK_PORT or port in _PAGE_PORTS, port in ports

    def is_page(self, host: str) -> bool:
        """True for the dev server that the page comes from, whose proxy hands requests on."""
        return host not in self.hosts and bool(self.proxies) and host.rpartition(":")[2] in _PAGE_PORTS

    def proxy_of(self, path: Parts) -> Proxy | None:
        """Return the rule of the dev proxy that a path of the page's own origin falls under."""
        return next((one for one in self.proxies if leading_text(path).startswith(one.prefix)), None)

    def places(self, path: Parts) -> Iterator[Place]:
        """Yield what a path of the page's own origin can be on the server, through the dev proxy."""
        text = leading_text(path)
        proxy = self.proxy_of(path)
        if proxy is None or not (proxy.strips or proxy.puts):
            yield Place(path)
            return
        if not proxy.is_certain:
            yield Place(path, is_certain=False)
        if text.startswith(proxy.strips):
            stripped = join((Text(proxy.puts), *cut(path, len(proxy.strips))))
            if not leading_text(stripped).startswith("/"):
                stripped = join((Text("/"), *stripped))
            yield Place(stripped, is_certain=proxy.is_certain)


Pages = Callable[[], list[str]]


def locate(server: Server, url: Parts, *, is_template: bool, is_parameter: bool, pages: Pages) -> list[Place]:
    """Return the places on the server that a URL can mean; of a relative URL, those of each page.

    Raises Left where it goes to another host or cannot be read.
    """
    first = url[0] if url else Text("")
    if isinstance(first, Unknown):
        msg = f"The URL starts with {first.name}, whose value is not known here; give it with --define {first.name}=..."
        raise Left(reasons.UNKNOWN_BASE, msg)
    if isinstance(first, Hole):
        _check_hole(first, url, is_template=is_template, is_parameter=is_parameter)
        return _relative(server, url, pages)
    found = _ABSOLUTE.match(first.value)
    if found is not None:
        return _absolute(server, url, found)
    if _SCHEME.match(first.value):
        msg = f"{show(url)} is no address of the server."
        raise Left(reasons.OTHER_ORIGIN, msg, EXTERNAL)
    if first.value.startswith("/"):
        return list(server.places(url))
    return _relative(server, url, pages)


def _check_hole(first: Hole, url: Parts, *, is_template: bool, is_parameter: bool) -> None:
    name = first.code
    if is_parameter and (not is_template or _BASE.search(name) or "path" in name.lower()):
        msg = f"The URL is {name}, a parameter of the function around the call: its callers decide."
        raise Left(reasons.URL_IS_PARAMETER, msg)
    if not is_template or not first.is_plain:
        msg = f"The URL is {name}, which cannot be resolved here."
        raise Left(reasons.URL_UNRESOLVED, msg)
    if _BASE.search(name):
        msg = f"The URL starts with {name}, whose value is not known here; give it with --define {name}=..."
        raise Left(reasons.UNKNOWN_BASE, msg)


def _absolute(server: Server, url: Parts, found: re.Match[str]) -> list[Place]:
    host = found["host"].lower()
    is_open = found.end() == len(leading_text(url)) and len(url) > 1
    if is_open and not isinstance(url[1], Text):
        msg = f"The host of {show(url)} is not known here."
        raise Left(reasons.UNKNOWN_BASE, msg)
    is_own, is_certain = server.is_own(host)
    if not is_own:
        msg = f"{host} is another server than the app's."
        raise Left(reasons.OTHER_ORIGIN, msg, EXTERNAL)
    rest = cut(url, found.end())
    if not leading_text(rest).startswith("/"):
        rest = join((Text("/"), *rest))
    if server.is_page(host):
        return [replace(place, is_certain=False) for place in server.places(rest)]
    return [Place(rest, is_certain)]


def _relative(server: Server, url: Parts, pages: Pages) -> list[Place]:
    """Resolve a URL against every page on which the component is shown, and through the dev proxy."""
    shown_on = pages()
    if not shown_on:
        msg = f"{show(url)} is relative to the page, and no route of a router shows on which page this code runs."
        raise Left(reasons.RELATIVE_URL, msg)
    return [replace(place, page=page) for page in shown_on for place in server.places(resolve(page, url))]


def resolve(page: str, url: Parts) -> Parts:
    """Resolve a relative URL against a page path, as the browser does."""
    folder = posixpath.dirname(page)
    text = leading_text(url)
    while text.startswith(("./", "../")):
        if text.startswith("../"):
            folder = posixpath.dirname(folder)
        text = text[text.index("/") + 1 :]
    rest = cut(url, len(leading_text(url)) - len(text))
    return join((Text(folder if folder.endswith("/") else f"{folder}/"), *rest))
