"""Puts URLs together as calls do: ``new URL``, ``join``, ``concat``, ``replace`` of slashes, ``URLSearchParams``."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from itertools import product
from urllib.parse import quote

from tree_sitter import Node

from codemods.javascript.parser import bare, child, items
from codemods.javascript.values import SPREAD, Expr, Member, Value
from codemods.urls import Hole, Part, Parts, Text, Unknown, join, leading_text

_ORIGIN = re.compile(r"(?:https?:)?//[^/?#]*", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_WRAPPING = frozenset({"String", "encodeURI"})
_SLASHES = {"/^\\//", "/^\\/+/", "/^\\/*/", "/\\/$/", "/\\/+$/", "/\\/*$/"}
_Resolve = Callable[[Node], list[Parts]]


def composed(expr: Expr, function: Node, given: list[Node], resolve: _Resolve) -> list[Parts] | None:
    """Return what a call makes of texts, or None where it is not one of those that are understood."""
    name = expr.module.text(function)
    if name in _WRAPPING and len(given) == 1:
        return resolve(given[0])
    if function.type != "member_expression":
        return None
    target, method = bare(child(function, "object")), expr.module.text(child(function, "property"))
    if method == "toString" and not given:
        return resolve(target)
    if method == "concat" and target.type != "array":
        return [sum(choice, ()) for choice in product(resolve(target), *map(resolve, given))]
    if method == "join" and target.type == "array" and len(given) == 1:
        return _joined([resolve(one) for one in items(target)], resolve(given[0]))
    if method == "replace" and len(given) == 2 and expr.module.text(given[0]) in _SLASHES:
        return (
            _stripped(resolve(target), expr.module.text(given[0])) if expr.module.text(given[1])[1:-1] == "" else None
        )
    return None


def _joined(elements: list[list[Parts]], marks: list[Parts]) -> list[Parts] | None:
    if len(marks) != 1 or not elements:
        return None
    found: list[Parts] = []
    for choice in product(*elements):
        parts: list[Part] = list(choice[0])
        for one in choice[1:]:
            parts += [*marks[0], *one]
        found.append(join(parts))
    return found


def _stripped(urls: list[Parts], pattern: str) -> list[Parts] | None:
    """Return texts without the slashes at their start or end; None where they start or end with a value."""
    found = []
    for url in map(join, urls):
        index = 0 if pattern.startswith("/^") else -1
        if not url:
            found.append(url)
            continue
        end = url[index]
        if not isinstance(end, Text):
            return None
        count = 1 if pattern in {"/^\\//", "/\\/$/"} else len(end.value)
        text = _without(end.value, count, at_start=index == 0)
        found.append(join((Text(text), *url[1:]) if index == 0 else (*url[:-1], Text(text))))
    return found


def _without(text: str, count: int, *, at_start: bool) -> str:
    bare_text = text.lstrip("/") if at_start else text.rstrip("/")
    slashes = min(len(text) - len(bare_text), count)
    return text[slashes:] if at_start else text[: len(text) - slashes]


def absolute(paths: list[Parts], bases: list[Parts] | None = None) -> list[Parts] | None:
    """Return what ``new URL(path, base)`` gives, or None where one of them is not known."""
    if bases is None:
        return paths
    found = [_against(join(base), join(path)) for path, base in product(paths, bases)]
    return None if any(one is None for one in found) else [one for one in found if one is not None]


def _against(base: Parts, path: Parts) -> Parts | None:
    text = leading_text(path)
    if _SCHEME.match(text):
        return path
    if path and not text:
        return None
    if base and isinstance(base[0], Unknown):
        return join((base[0], *path)) if text.startswith("/") else None
    if any(not isinstance(part, Text) for part in base):
        return None
    start = _ORIGIN.match(leading_text(base))
    origin = start[0] if start is not None else ""
    if text.startswith("/"):
        return join((Text(origin), *path))
    folder = posixpath.dirname(leading_text(base)[len(origin) :] or "/")
    return join((Text(f"{origin}{folder.rstrip('/')}/"), *path))


def query(members: list[Member] | None, resolve: Callable[[Value], list[Parts]]) -> list[Parts] | None:
    """Return the query string of ``new URLSearchParams({ q, page })``, or None where not all of it is known."""
    if members is None:
        return None
    parts: list[Part] = []
    for one in members:
        if one.key == SPREAD or one.asks:
            return None
        (value, *others) = resolve(one.value)
        value = join(value)
        if others or len(value) > 1 or any(isinstance(part, Unknown) for part in value):
            return None
        encoded = [Text(quote(part.value, safe="")) if isinstance(part, Text) else part for part in value]
        parts += [Text(f"{'&' if parts else ''}{quote(one.key)}="), *_encoded(encoded)]
    return [join(parts)]


def _encoded(parts: list[Part]) -> list[Part]:
    return [Hole(one.code, is_encoded=True) if isinstance(one, Hole) else one for one in parts]
