"""Decides where the client module connects: to the page's own origin, or to the host that the calls went to.

``io()`` connects to the page's origin. Where ``fetch`` went elsewhere, past the dev proxy, events must go there too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from codemods.javascript.location import LOCAL, Server

_ORIGIN = re.compile(r"(?:https?:)?//[^/?#\s]+", re.IGNORECASE)
_VARIABLE = re.compile(
    rb"(?:import\.meta|process)\.env\.(?P<name>\w+)(?:\s*(?:\|\||\?\?)\s*(?P<quote>[\"'`])(?P<default>[^\"'`\n]*)(?P=quote))?"
)


class Connection(Struct, frozen=True):
    """``origin`` is where the events go, "" for the page's own origin; ``url`` is the JavaScript that says so.

    ``elsewhere`` are the other servers, as host:port, that rewritten calls went to.
    """

    origin: str = ""
    url: str = ""
    elsewhere: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """The host and port of ``origin``."""
        return self.origin.rpartition("//")[2]

    def is_named_in(self, client: bytes) -> bool:
        """True where a client module that is there already connects so."""
        return self.origin.encode() in client or self.url.encode() in client


def connect(
    urls: Iterable[str], server: Server, sources: Iterable[bytes] = (), variables: Mapping[str, str] | None = None
) -> Connection:
    """Return where the rewritten calls with these URLs went; ``sources`` may name a variable that holds their base."""
    origins = Counter(_origin(url, server) for url in urls)
    by_page = origins.pop("", 0)
    if not origins:
        return Connection()
    origin = origins.most_common(1)[0][0]
    proxied = {_server(proxy.host): proxy.host for proxy in server.proxies}
    elsewhere = {_server(one): one.rpartition("//")[2] for one in origins}
    if by_page and proxied:
        return Connection(elsewhere=tuple(name for key, name in elsewhere.items() if key not in proxied))
    others = tuple(name for key, name in elsewhere.items() if key != _server(origin))
    return Connection(origin, _expression(origin, sources, variables or {}), others)


def _origin(url: str, server: Server) -> str:
    """Return the origin of an absolute URL, "" for the page's own."""
    found = _ORIGIN.match(url)
    if found is None or server.is_page(found[0].rpartition("//")[2].lower()):
        return ""
    return found[0].lower()


def _server(origin: str) -> str:
    """Return what tells two servers apart: of this machine the port only."""
    host = origin.rpartition("//")[2]
    name, _, port = host.rpartition(":") if re.search(r":\d+$", host) else (host, "", "80")
    return port if name in LOCAL else host


def _expression(origin: str, sources: Iterable[bytes], variables: Mapping[str, str]) -> str:
    """Return an origin as JavaScript: by the environment variable that gave it, if one did."""
    for data in sources:
        for found in _VARIABLE.finditer(data):
            value = variables.get(found["name"].decode()) or (found["default"] or b"").decode(errors="replace")
            base = _ORIGIN.match(value)
            if base is not None and base[0].lower() == origin:
                return f"new URL({found[0].decode(errors='replace')}, location.href).origin"
    return f'"{origin}"'
