"""Reads route tables: React Router's JSX and objects, Vue Router's objects.

Each row says which code is shown on which page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from operator import attrgetter

from msgspec import Struct
from tree_sitter import Node

from codemods.javascript.constants import Constants
from codemods.javascript.literals import properties
from codemods.javascript.modules import Modules
from codemods.javascript.parser import Module, arguments, around, bare, child, items
from codemods.urls import Hole, Parts, Text

_WORDS = re.compile(rb"<[\w.]*Routes?\b|Router\s*\(|\buseRoutes\b|HashRouter|HashHistory")
ANYWHERE = "*"
"""The path of a page that only the running app knows."""
_JSX = frozenset({"jsx_element", "jsx_self_closing_element"})
_SHOWN_BY_JSX = frozenset({"element", "component", "Component", "render", "children"})
_SHOWN_BY_OBJECT = frozenset({"element", "component", "components", "Component", "lazy"})
_ARRAY_MAKERS = frozenset({"createBrowserRouter", "createHashRouter", "createMemoryRouter", "useRoutes"})
_CALLS = frozenset({"call_expression", "new_expression"})
_OPTION_MAKERS = frozenset({"createRouter", "VueRouter", "Router"})
_HASH_WORDS = (b"HashRouter", b"createHashRouter", b"createWebHashHistory", b"createHashHistory")
_OWN_PATHS = frozenset({"path", "url", "match.path", "match.url", "props.match.path", "props.match.url"})


class Entry(Struct, frozen=True):
    """One path and what it shows.

    ``is_below`` is true for a path that is added to that of the table's own page (``${match.url}/:id``);
    ``is_open`` where pages below it show the same (``/admin/*``, and a path without ``exact`` in React Router 5).
    """

    path: str
    shown: Node
    module: Module
    is_below: bool = False
    is_open: bool = False


class _Base(Struct, frozen=True):
    """What nested routes start from; ``is_nested`` is true where paths are relative and exact (React Router 6)."""

    path: str = ""
    is_nested: bool = False
    is_below: bool = False


def may_have_table(data: bytes) -> bool:
    """True for a file that may have a table, or tell the kind of the router; looked at before anything is parsed."""
    return (b"Route" in data or b"HashHistory" in data) and _WORDS.search(data) is not None


def entries(modules: Modules, module: Module) -> Iterator[Entry]:
    """Yield the rows of all tables in a file."""
    reader = _Tables(modules)
    yield from reader.jsx(module, module.root, _Base())
    for node in calls_of(module, _ARRAY_MAKERS | _OPTION_MAKERS):
        yield from reader.made_by(module, node)


def is_hash_router(module: Module) -> bool:
    """True where pages differ by what follows ``#`` only, so that all of them have one path."""
    if any(word in module.data for word in _HASH_WORDS):
        return True
    made = (one for one in calls_of(module, _OPTION_MAKERS) if one.type == "new_expression")
    return any(b"routes" in (one.text or b"") and b"history" not in (one.text or b"") for one in made)


def calls_of(module: Module, names: Set[str]) -> list[Node]:
    """Return the calls of functions and classes of these names, in source order."""
    found = (around(word) for name in names for word in module.words(name) if word.type == "identifier")
    return sorted(
        (one for one in found if one.type in _CALLS and _callee(module, one) in names), key=attrgetter("start_byte")
    )


def join(base: str, path: str) -> str:
    """Return a nested route's path."""
    joined = f"{base.removesuffix('*').rstrip('/')}/{path.lstrip('/')}"
    return joined.rstrip("/") or "/"


class _Tables:
    """Reads tables; constants and imports that they are made of are followed."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules

    # ---- JSX ----------------------------------------------------------------------------------

    def jsx(self, module: Module, node: Node, base: _Base) -> Iterator[Entry]:
        for one in node.named_children:
            if module.data.find(b"Route", one.start_byte, one.end_byte) < 0:  # all that is looked for is called so
                continue
            tag = _tag(module, one) if one.type in _JSX else ""
            if tag == "Route" or (tag.endswith("Route") and "path" in _attributes(module, one)):
                yield from self._jsx_route(module, one, base)
            elif tag == "Routes" or (
                one.type == "call_expression" and _callee(module, one) == "createRoutesFromElements"
            ):
                yield from self.jsx(module, one, _Base(base.path, is_nested=True))
            else:
                yield from self.jsx(module, one, base)

    def _jsx_route(self, module: Module, route: Node, base: _Base) -> Iterator[Entry]:
        attributes = _attributes(module, route)
        is_exact = base.is_nested or "exact" in attributes
        for here in self._paths(module, attributes.get("path"), base):
            nested = list(self.jsx(module, route, here)) if route.type == "jsx_element" else []
            pages = _pages(here, nested, has_path="path" in attributes, is_index="index" in attributes or not nested)
            shown = [value for key, value in attributes.items() if key in _SHOWN_BY_JSX and value is not None]
            if route.type == "jsx_element" and not (base.is_nested and nested):
                shown.append(route)
            if not base.is_nested and "path" not in attributes:  # a Switch's last, for all other pages
                pages = [_Base(ANYWHERE)]
            for value in shown:
                yield from (_entry(one, value, module, is_open=not is_exact) for one in pages)
            yield from nested

    def _paths(self, module: Module, value: Node | None, base: _Base) -> list[_Base]:
        if value is None:
            return [base]
        inner = items(value)[0] if value.type == "jsx_expression" and items(value) else value
        given = items(bare(inner)) if bare(inner).type == "array" else [inner]
        return [found for one in given for path in self._strings(module, one) for found in _at(base, path)]

    def _strings(self, module: Module, node: Node) -> list[Parts]:
        return Constants(self.modules, module, node).urls(node)

    # ---- objects ------------------------------------------------------------------------------

    def made_by(self, module: Module, call: Node) -> Iterator[Entry]:
        """Yield the rows of the table that a call makes a router of."""
        name, given = _callee(module, call), arguments(call)
        if not given:
            return
        if name in _ARRAY_MAKERS:
            yield from self._objects(module, given[0], _Base(is_nested=True), 0)
        elif name in _OPTION_MAKERS:
            table = dict(properties(module, given[0])).get("routes")
            if table is not None:
                yield from self._objects(module, table, _Base(is_nested=True), 0)

    def _objects(self, module: Module, table: Node, base: _Base, depth: int) -> Iterator[Entry]:
        module, table = self._value(module, table)
        if depth > 12 or table.type != "array":
            return
        for one in items(table):
            if one.type == "spread_element":
                yield from self._objects(module, items(one)[0], base, depth + 1)
            else:
                yield from self._object_route(*self._value(module, one), base, depth)

    def _object_route(self, module: Module, route: Node, base: _Base, depth: int) -> Iterator[Entry]:
        pairs = dict(properties(module, route))
        aliases = self._paths(module, pairs["alias"], base) if "alias" in pairs else []
        for here in [*self._paths(module, pairs.get("path"), base), *aliases]:
            nested = list(self._objects(module, pairs["children"], here, depth + 1)) if "children" in pairs else []
            pages = _pages(here, nested, has_path="path" in pairs, is_index=not nested)
            shown = [value for key, value in pairs.items() if key in _SHOWN_BY_OBJECT]
            for value in shown:
                yield from (_entry(one, value, module, is_open=False) for one in pages)
            yield from nested

    def _value(self, module: Module, node: Node) -> tuple[Module, Node]:
        """Follow a name to the array or object that it stands for."""
        node = bare(node)
        if node.type not in {"identifier", "shorthand_property_identifier"}:
            return module, node
        binding = self.modules.scopes(module).binding(node)
        if binding is None:
            return module, node
        found = self.modules.imported(module, binding) if binding.kind == "import" else (module, binding.value or node)
        return (found[0], bare(found[1])) if found is not None else (module, node)


def _at(base: _Base, path: Parts) -> Iterator[_Base]:
    """Yield where a path leads from where its table's parent is; twice for an optional last parameter."""
    is_below = base.is_below
    if path and isinstance(path[0], Hole) and path[0].code in _OWN_PATHS:
        is_below, path = True, path[1:]
    if any(not isinstance(part, Text) for part in path):
        yield _Base(ANYWHERE, base.is_nested)
        return
    text = "".join(part.value for part in path if isinstance(part, Text))
    is_absolute = text.startswith("/") and not is_below
    full = text if is_absolute else join(base.path, text)
    if full.endswith("?"):
        yield _Base(full.rpartition("/")[0] or "/", base.is_nested, is_below)
    yield _Base(full.removesuffix("?"), base.is_nested, is_below)


def _pages(here: _Base, nested: list[Entry], *, has_path: bool, is_index: bool) -> list[_Base]:
    """Return the pages on which a route with children shows its own component: theirs, and its own."""
    below = [_Base(one.path, is_below=one.is_below) for one in nested]
    return list(dict.fromkeys([here, *below] if has_path or is_index else below))


def _entry(page: _Base, shown: Node, module: Module, *, is_open: bool) -> Entry:
    path = page.path if page.path.startswith(("/", "*")) else f"/{page.path}"
    return Entry(path, shown, module, page.is_below, is_open or path.endswith("/*"))


def _attributes(module: Module, element: Node) -> dict[str, Node | None]:
    head = next((one for one in element.children if one.type == "jsx_opening_element"), element)
    found = [items(one) for one in head.named_children if one.type == "jsx_attribute"]
    return {module.text(parts[0]): parts[1] if len(parts) > 1 else None for parts in found}


def _tag(module: Module, element: Node) -> str:
    head = next((one for one in element.children if one.type == "jsx_opening_element"), element)
    name = head.child_by_field_name("name")
    return module.text(name) if name is not None else ""


def _callee(module: Module, call: Node) -> str:
    return module.text(child(call, "function" if call.type == "call_expression" else "constructor"))
