"""Finds what a router puts before its pages: `basename` of React Router, `createWebHistory(base)` of Vue Router."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tree_sitter import Node

from codemods.javascript.constants import Constants
from codemods.javascript.literals import properties
from codemods.javascript.modules import Modules
from codemods.javascript.parser import Module, arguments, around, child, items
from codemods.javascript.router_tables import calls_of, join
from codemods.javascript.words import Words
from codemods.urls import Parts, Text

UNKNOWN = "/*"
"""A base that only the running app knows."""
_WORDS = re.compile(rb"\bbasename\b|createWebHistory\s*\(\s*[^\s)]|\bVueRouter\b")
_LETTERS = Words(b"basename", b"createWebHistory", b"VueRouter")
"""What ``_WORDS`` begin with: a search for plain bytes takes a fiftieth of the time of one for a choice of words."""
_BY_OPTION = {
    "createBrowserRouter": "basename",
    "createBrowserHistory": "basename",
    "VueRouter": "base",
    "Router": "base",
}
_OF_VITE = re.compile(r"import\.meta\.env\.BASE_URL|process\.env\.BASE_URL")
_OF_CRA = "process.env.PUBLIC_URL"
_VITE_BASE = re.compile(rb"""\bbase\s*:\s*(?:(?:[\w.]+\s*(?:\|\||\?\?)\s*)?["']([^"'\n]*)["']|(\S))""")
"""With the default of a variable of the machine's, which is what holds for everybody else."""
_ENDINGS = ("js", "ts", "mjs", "mts")


def may_have_base(data: bytes) -> bool:
    """True for a file that may name a base; looked at before anything is parsed."""
    return _LETTERS.any_in(data) and _WORDS.search(data) is not None


def bases(modules: Modules, module: Module) -> Iterator[str]:
    """Yield the bases that a file names, ``UNKNOWN`` where one cannot be told."""
    for node in _named(module):
        for parts in Constants(modules, module, node).urls(node):
            yield _base(modules, parts, module.text(node))


def under(base: str, page: str) -> str:
    """Return a page's path below a base."""
    return page if base == "/" else f"{UNKNOWN}/{page.lstrip('/')}" if base == UNKNOWN else join(base, page)


def _named(module: Module) -> Iterator[Node]:
    """Yield the expressions that say what the base is."""
    for key in module.words("basename"):
        value = items(around(key))[1:] if around(key).type == "jsx_attribute" else []
        if value:
            inner = items(value[0]) if value[0].type == "jsx_expression" else value
            yield from inner[:1]
    for call in calls_of(module, {"createWebHistory", *_BY_OPTION}):
        name = module.text(child(call, "function" if call.type == "call_expression" else "constructor"))
        given = arguments(call)
        if name == "createWebHistory":
            yield from given[:1]
        elif name in _BY_OPTION:
            pairs = (pair for one in given for pair in properties(module, one))
            yield from (chosen for word, chosen in pairs if word == _BY_OPTION[name])


def _base(modules: Modules, parts: Parts, code: str) -> str:
    text = "".join(part.value for part in parts if isinstance(part, Text))
    if all(isinstance(part, Text) for part in parts):
        return _clean(text)
    if _OF_VITE.fullmatch(code):
        return _vite(modules)
    return _create_react_app(modules) if code == _OF_CRA else UNKNOWN


def _clean(text: str) -> str:
    if text in {"", "/"}:
        return "/"
    return f"/{text.strip('/')}" if not text.startswith((".", "http")) else UNKNOWN


def _vite(modules: Modules) -> str:
    """Return ``base`` of the Vite configuration, which is ``/`` unless it says something else."""
    found = (modules.read(f"{modules.root}/vite.config.{ending}") for ending in _ENDINGS)
    named = _VITE_BASE.search(next(filter(None, found), b""))
    if named is None:
        return "/"
    return _clean(named[1].decode(errors="replace")) if named[1] is not None else UNKNOWN


def _create_react_app(modules: Modules) -> str:
    """Return the path of ``homepage`` in package.json, which PUBLIC_URL is made of."""
    try:
        homepage = json.loads(modules.read(f"{modules.root}/package.json") or b"{}").get("homepage", "")
    except (ValueError, AttributeError):
        return UNKNOWN
    path = re.sub(r"^https?://[^/]*", "", homepage) if isinstance(homepage, str) else "."
    return _clean(path)
