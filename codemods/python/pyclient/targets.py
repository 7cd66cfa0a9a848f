"""Where a call goes: the event that its URL reaches, on whose server, and the code that names that server."""

from __future__ import annotations

import ast
import re

from msgspec import Struct, field
from msgspec.structs import replace

from bridge.events import EventMap
from codemods import reasons
from codemods.matching import Match, match
from codemods.python.pyclient.calls import HTTPX_CLIENT, TEST_CLIENT, Found
from codemods.python.pyclient.evaluating import Evaluator, Url, joined, unknown_start
from codemods.results import EXTERNAL, Left
from codemods.urls import Hole, Parts, Text, cut, leading_text, show

_ORIGIN = re.compile(r"https?://([^/?#\s]*)", re.IGNORECASE)
_LOCAL = re.compile(r"(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(:\d+)?", re.IGNORECASE)


class Server(Struct, frozen=True):
    """What is known of the app: its events, hosts that are its own, constants' values, the rules to use."""

    events: EventMap
    hosts: frozenset[str] = frozenset()
    defines: dict[str, str] = field(default_factory=dict)
    rules: frozenset[str] = frozenset()


class Target(Struct, frozen=True):
    """The event of a call; ``origin`` is "" for a test client, ``base`` the constant that the URL starts with."""

    matched: Match
    url: str
    method: str
    origin: str = ""
    base: str = ""
    notes: tuple[str, ...] = ()
    is_given: bool = False


class Targets:
    """Looks up the calls of one file."""

    def __init__(self, evaluator: Evaluator, server: Server) -> None:
        self.evaluator = evaluator
        self.server = server

    def facts(self, found: Found) -> tuple[str, Url | None]:
        """Return (method, URL) of a call as far as they can be told; "" and None where they cannot."""
        method = found.method if isinstance(found.method, str) else self.evaluator.text(found.method)
        return (method or "").upper(), self._url(found) if found.url is not None else None

    def target(self, found: Found) -> Target:
        """Return what a call reaches. Raises Left, as external for another server."""
        method, url = self.facts(found)
        if not method:
            raise Left(reasons.DYNAMIC_METHOD, "The method is known at run time only.")
        if url is None or not url.parts:
            raise Left(reasons.URL_UNRESOLVED, "The URL is not written in the call.")
        path, origin = self._path(found, url)
        matched = match(self.server.events, method, path)
        notes = [*url.notes]
        if origin and not self._is_named(origin):
            notes.append(f"{origin} is taken for the app's server (--host says so)")
        return Target(matched, show(url.parts), method, origin, url.base, tuple(dict.fromkeys(notes)), url.is_given)

    def _url(self, found: Found) -> Url:
        assert found.url is not None
        url = self.evaluator.url(found.url)
        if found.kind == HTTPX_CLIENT and found.maker is not None and "://" not in leading_text(url.parts):
            base = next((one.value for one in found.maker.call.keywords if one.arg == "base_url"), None)
            if base is not None:
                return _below(self.evaluator.url(base), url)
        return url

    def _path(self, found: Found, url: Url) -> tuple[Parts, str]:
        text = leading_text(url.parts)
        if not text:
            raise unknown_start(url.parts, self._is_parameter(found))
        if text.startswith("/"):
            if found.kind != TEST_CLIENT:
                raise Left(reasons.UNKNOWN_BASE, f"The URL {show(url.parts)} names no server.")
            return url.parts, ""
        origin = _ORIGIN.match(text)
        if origin is None:
            raise Left(reasons.RELATIVE_URL, f"The URL {show(url.parts)} starts neither with a slash nor with http.")
        if origin.end() == len(text) and len(url.parts) > 1:
            raise unknown_start((Text(f"{text}..."), *url.parts[1:]), False)
        host = origin[1].lower()
        if host not in self.server.hosts and not _LOCAL.fullmatch(host):
            msg = f"{host or 'The URL'} is another server than the app's."
            raise Left(reasons.OTHER_ORIGIN, msg, EXTERNAL)
        rest = cut(url.parts, origin.end())
        return rest or (Text("/"),), "" if found.kind == TEST_CLIENT else origin[0]

    def _is_named(self, origin: str) -> bool:
        return origin.partition("://")[2].lower() in self.server.hosts

    def _is_parameter(self, found: Found) -> bool:
        if not isinstance(found.url, ast.Name):
            return False
        _, bindings = self.evaluator.scopes.bindings(found.url.id, found.url)
        return any(one.kind == "param" for one in bindings)


def _below(base: Url, url: Url) -> Url:
    """Return a URL below a client's base URL, as httpx puts them together."""
    last = base.parts[-1] if base.parts else None
    trimmed = (*base.parts[:-1], Text(last.value.rstrip("/"))) if isinstance(last, Text) else base.parts
    first = url.parts[0] if url.parts else Text("")
    rest = (Text("/" + first.value.lstrip("/")), *url.parts[1:]) if isinstance(first, Text) else (Text("/"), *url.parts)
    return joined([replace(base, parts=trimmed), Url(rest, "", url.notes)])


def holes(parts: Parts) -> list[Hole]:
    """Return the values in a URL."""
    return [one for one in parts if isinstance(one, Hole)]
