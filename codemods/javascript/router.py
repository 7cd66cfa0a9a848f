"""Finds on which pages a component is shown: React Router's table, and which component uses which.

Relative URLs are resolved against the page, so this decides what they reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from codemods.javascript.constants import key_of, string_value
from codemods.javascript.modules import Modules
from codemods.javascript.parser import Module, child, is_within, items, walk

_WORDS = (b"Route", b"createBrowserRouter", b"createHashRouter", b"createMemoryRouter")
_JSX = frozenset({"jsx_element", "jsx_self_closing_element"})
_ELEMENT_KEYS = frozenset({"element", "component", "Component", "render", "children"})
_TOP = 12

Component = tuple[str, int]
"""A top-level declaration: file and byte at which it starts."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """``path`` shows the components used in ``shown``; ``owner`` is the declaration around the table."""

    path: str
    shown: Node
    module: Module


@dataclass(eq=False)
class Router:
    """The router of one front end, read when the first relative URL asks for it."""

    modules: Modules
    _entries: list[_Entry] | None = None
    _users: dict[Component, list[tuple[Component, str]]] = field(default_factory=dict)

    def pages(self, module: Module, site: Node) -> list[str]:
        """Return the paths of all pages on which the code around ``site`` can run, sorted."""
        self._read()
        top = _top_level(site)
        found: set[str] = set()
        self._collect((module.path, top.start_byte), found, set())
        return sorted(found)

    def _collect(self, component: Component, found: set[str], seen: set[Component]) -> None:
        if component in seen:
            return
        seen.add(component)
        users = self._users.get(component, [])
        for user, path in users:
            if path:
                found.update(self._joined(user, path, seen))
            else:
                self._collect(user, found, seen)
        if not users:  # the root of everything is shown on every page
            found.update(entry.path for entry in self._entries or ())

    def _joined(self, owner: Component, path: str, seen: set[Component]) -> Iterator[str]:
        """Yield a route's path below the ``/admin/*`` that its table is itself shown on."""
        bases = [base for _, base in self._users.get(owner, ()) if base.endswith("/*")]
        for base in bases or [""]:
            yield _join(base.removesuffix("*"), path)

    # ---- reading ------------------------------------------------------------------------------

    def _read(self) -> None:
        if self._entries is not None:
            return
        self._entries = []
        for module in self.modules.containing(*_WORDS):
            self._entries.extend(_jsx_routes(module, module.root, ""))
            self._entries.extend(_object_routes(module))
        for path in self.modules.files:
            module_or_none = self.modules.module(path)
            if module_or_none is not None:
                self._read_uses(module_or_none)

    def _read_uses(self, module: Module) -> None:
        entries = [entry for entry in self._entries or () if entry.module is module]
        for node in walk(module.root):
            if node.type not in {"identifier", "shorthand_property_identifier"}:
                continue
            target = self._target(module, node)
            if target is None:
                continue
            user = (module.path, _top_level(node).start_byte)
            paths = [entry.path for entry in entries if is_within(node, entry.shown)]
            for shown in paths or [""]:
                if user != target or shown:
                    self._users.setdefault(target, []).append((user, shown))

    def _target(self, module: Module, node: Node) -> Component | None:
        """Return the top-level declaration that a name refers to, through imports and ``lazy``."""
        binding = self.modules.scopes(module).binding(node)
        if binding is None or node == binding.node:
            return None
        if any(one.type in {"import_statement", "export_statement"} for one in (node.parent, _above(node)) if one):
            return None
        found: tuple[Module, Node] | None = (module, binding.declaration)
        if binding.kind == "import":
            found = self.modules.imported(module, binding)
        elif binding.value is not None and b"import(" in (binding.value.text or b""):
            found = self._lazy(module, binding.value)
        return self._declaration(found)

    def _lazy(self, module: Module, value: Node) -> tuple[Module, Node] | None:
        for one in walk(value):
            if one.type == "call_expression" and child(one, "function").type == "import":
                source = next((two for two in walk(one) if two.type == "string"), None)
                target = self.modules.resolve(module.path, string_value(module, source)) if source else None
                return self.modules.exported(target, "default") if target is not None else None
        return None

    def _declaration(self, found: tuple[Module, Node] | None) -> Component | None:
        """Return the declaration that an exported node is, looking through ``memo(X)`` and ``connect()(X)``."""
        if found is None:
            return None
        module, node = found
        if node.type == "call_expression":
            names = [one for one in walk(node) if one.type == "identifier"]
            for name in reversed(names):
                binding = self.modules.scopes(module).binding(name)
                if binding is not None and binding.kind in {"function", "const", "class"}:
                    return module.path, _top_level(binding.declaration).start_byte
        return module.path, _top_level(node).start_byte


def _above(node: Node) -> Node | None:
    return node.parent.parent if node.parent is not None else None


def _top_level(node: Node) -> Node:
    """Return the top-level statement, or the declarator in it, around a node."""
    top = node
    while top.parent is not None and top.parent.type != "program":
        top = top.parent
    return top


def _jsx_routes(module: Module, node: Node, base: str) -> Iterator[_Entry]:
    for one in node.named_children:
        if one.type in _JSX and _tag(module, one) in {"Route", "PrivateRoute", "ProtectedRoute"}:
            yield from _jsx_route(module, one, base)
        else:
            yield from _jsx_routes(module, one, base)


def _jsx_route(module: Module, route: Node, base: str) -> Iterator[_Entry]:
    head = next((one for one in route.children if one.type == "jsx_opening_element"), route)
    attributes = dict(_attributes(module, head))
    paths = [string_value(module, one) for one in _strings(attributes.get("path"))] or [""]
    for path in paths:
        here = _join(base, path)
        nested = list(_jsx_routes(module, route, here)) if route.type == "jsx_element" else []
        shown_on = [entry.path for entry in nested] if nested and not path else [here, *(e.path for e in nested)]
        for key, value in attributes.items():
            if key in _ELEMENT_KEYS and value is not None:
                yield from (_Entry(_page(one), value, module) for one in dict.fromkeys(shown_on))
        if route.type == "jsx_element" and not nested:
            yield _Entry(_page(here), route, module)
        yield from nested


def _attributes(module: Module, element: Node) -> Iterator[tuple[str, Node | None]]:
    for one in element.named_children:
        if one.type == "jsx_attribute":
            parts = items(one)
            yield module.text(parts[0]), parts[1] if len(parts) > 1 else None


def _strings(node: Node | None) -> list[Node]:
    return [one for one in walk(node) if one.type == "string"] if node is not None else []


def _tag(module: Module, element: Node) -> str:
    head = next((one for one in element.children if one.type == "jsx_opening_element"), element)
    name = head.child_by_field_name("name")
    return module.text(name) if name is not None else ""


def _object_routes(module: Module) -> Iterator[_Entry]:
    for node in walk(module.root):
        if node.type == "call_expression" and module.text(child(node, "function")) in {
            "createBrowserRouter",
            "createHashRouter",
            "createMemoryRouter",
            "useRoutes",
        }:
            arrays = [one for one in items(child(node, "arguments")) if one.type == "array"]
            for array in arrays or _arrays(module):
                yield from _objects(module, array, "")
            return


def _arrays(module: Module) -> list[Node]:
    """Return the arrays of a module that look like a route table."""
    found = [one for one in walk(module.root) if one.type == "variable_declarator"]
    values = [one.child_by_field_name("value") for one in found]
    return [one for one in values if one is not None and one.type == "array" and b"path" in (one.text or b"")]


def _objects(module: Module, array: Node, base: str) -> Iterator[_Entry]:
    for route in items(array):
        pairs = {key_of(module, child(one, "key")): child(one, "value") for one in items(route) if one.type == "pair"}
        path = string_value(module, pairs["path"]) if "path" in pairs else ""
        here = _join(base, path)
        children = pairs.get("children")
        nested = list(_objects(module, children, here)) if children is not None and children.type == "array" else []
        shown_on = [entry.path for entry in nested] if nested and not path else [here, *(e.path for e in nested)]
        for key, value in pairs.items():
            if key in {"element", "component", "Component"}:
                yield from (_Entry(_page(one), value, module) for one in dict.fromkeys(shown_on))
        yield from nested


def _join(base: str, path: str) -> str:
    if path.startswith("/") and not base.rstrip("/"):
        return path
    if path.startswith(base) and path.startswith("/"):
        return path
    joined = f"{base.removesuffix('*').rstrip('/')}/{path.lstrip('/')}"
    return joined.rstrip("/") or "/"


def _page(path: str) -> str:
    return path if path.startswith(("/", "*")) else f"/{path}"
