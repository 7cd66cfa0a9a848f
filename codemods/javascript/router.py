"""Finds on which pages a component is shown: the router's tables, and which component uses which.

Relative URLs are resolved against the page, so this decides what they reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set

from msgspec import Struct, field
from tree_sitter import Node

from codemods.javascript.declarations import names_declared
from codemods.javascript.importers import leading_to
from codemods.javascript.literals import string_value
from codemods.javascript.modules import Modules, source_of
from codemods.javascript.parser import Module, ancestors, arguments, around, child, is_within, walk
from codemods.javascript.router_base import UNKNOWN, bases, may_have_base, under
from codemods.javascript.router_tables import Entry, entries, is_hash_router, join, may_have_table
from codemods.javascript.scope import Binding
from codemods.javascript.words import Words

Component = tuple[str, str]
"""A top-level declaration: its file and its name, which no rewrite changes. A Vue file is one component."""
_NAMES = ("identifier", "shorthand_property_identifier")
_MARKS = Words(b"Route", b"History", b"basename")
"""One of these is in every table and at every base."""
_VAR = re.compile(rb"\bvar\s")
_TEST = re.compile(r"\.(test|spec|stories|cy)\.|/(__tests__|tests?|__mocks__)/")


class Router(Struct, eq=False):
    """The router of one front end, read when the first relative URL asks for it."""

    modules: Modules
    _entries: list[tuple[Entry, Component]] = field(default_factory=list)
    _users: dict[Component, list[tuple[Component, Entry | None]]] = field(default_factory=dict)
    _rows: dict[str, list[Entry]] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)
    _is_read: bool = False
    _is_hash: bool = False
    _base: str = "/"

    def pages(self, module: Module, site: Node) -> list[str]:
        """Return the paths of all pages on which the code around ``site`` can run, sorted."""
        self._read_tables()
        if self._is_hash:
            return ["/"]
        if not self._entries:
            return []
        self._read_users(module.path)
        found: set[str] = set()
        for entry, owner in self._shown_by(_component(module, site), set(), is_root_everywhere=True):
            here = self._paths(entry, owner, frozenset())
            found |= here
            if entry.is_open:
                found |= {page for path in here for page in self._below(path, owner)}
        return sorted(under(self._base, page) for page in _closed(found))

    def _shown_by(
        self, component: Component, seen: set[Component], *, is_root_everywhere: bool = False
    ) -> Iterator[tuple[Entry, Component]]:
        """Yield the rows, each with the table's owner, that show a component or one that uses it."""
        if component in seen:
            return
        seen.add(component)
        users = self._users.get(component, [])
        for user, entry in users:
            if entry is None:
                yield from self._shown_by(user, seen, is_root_everywhere=is_root_everywhere)
            else:
                yield entry, user
        if not users and is_root_everywhere:  # what nobody uses is the root of everything
            yield from self._entries

    def _paths(self, entry: Entry, owner: Component, seen: frozenset[Component]) -> set[str]:
        """Return the whole paths of a row, whose table may itself be shown below a page."""
        if owner in seen:
            return set()
        rows = self._shown_by(owner, set())
        above = {path for row, user in rows for path in self._paths(row, user, seen | {owner})}
        bases = above if entry.is_below else {path for path in above if path.endswith("/*")}
        return {join(base, entry.path) for base in bases} or {entry.path}

    def _below(self, path: str, owner: Component) -> Iterator[str]:
        """Yield the pages below a path that tables of other components declare."""
        start = f"{path.removesuffix('*').rstrip('/')}/"
        for entry, other in self._entries if start != "/" else ():
            if other != owner:
                yield from (page for page in self._paths(entry, other, frozenset()) if page.startswith(start))

    # ---- reading ------------------------------------------------------------------------------

    def _read_tables(self) -> None:
        if self._is_read:
            return
        with_table, with_base = self._telling_files()
        found = [(module, list(entries(self.modules, module))) for module in self._parsed(with_table)]
        for module, rows in found:
            self._is_hash = self._is_hash or is_hash_router(module)
            for entry in rows:
                self._rows.setdefault(entry.module.path, []).append(entry)
                self._entries.append((entry, _component(entry.module, entry.shown)))
        self._base = self._only_base(with_base)
        self._is_read = True  # not before: a table that cannot be read must not look like one that is not there

    def _telling_files(self) -> tuple[list[str], list[str]]:
        """Return the files that may hold a table of routes, and those that may name a base, told by their text."""
        texts = ((path, self.modules.read(path) or b"") for path in self.modules.files)
        telling = [(path, data) for path, data in texts if _MARKS.any_in(data)]
        with_table = [path for path, data in telling if may_have_table(data)]
        return with_table, [path for path, data in telling if may_have_base(data)]

    def _parsed(self, paths: Iterable[str]) -> Iterator[Module]:
        return filter(None, map(self.modules.module, paths))

    def _only_base(self, paths: Iterable[str]) -> str:
        """Return what stands before the path of every page."""
        found = {base for module in self._parsed(paths) for base in bases(self.modules, module)}
        return found.pop() if len(found) == 1 else UNKNOWN if found else "/"

    def _read_users(self, path: str) -> None:
        """Read who uses the components of a file and of the tables: those that lead there, not thousands of files.

        No other components than those of these files will be asked for, so no file beside them need be parsed.
        """
        if path in self._known:
            return
        leading = leading_to(self.modules, {path, *self._rows})
        new = set(leading) - self._known
        known = self._known | new
        for one in leading:
            found = None if _TEST.search(one.removeprefix(self.modules.root)) else self.modules.module(one)
            if found is not None:
                self._read_uses(found, self._rows.get(one, ()), known if one in new else new)
        self._known = known  # not before: what cannot be read must not look like what is not there

    def _read_uses(self, module: Module, rows: Sequence[Entry], wanted: Set[str]) -> None:
        """Note where a file uses the components of the wanted files."""
        for node, target in self._uses(module, rows, wanted):
            user = _component(module, node)
            shown: list[Entry | None] = [entry for entry in rows if is_within(node, entry.shown)]
            for entry in shown or [None]:
                if user != target or entry is not None:
                    self._users.setdefault(target, []).append((user, entry))

    def _uses(self, module: Module, rows: Sequence[Entry], wanted: Set[str]) -> Iterator[tuple[Node, Component]]:
        """Yield every place where a file names a component of the wanted files, or imports one on the spot."""
        known: dict[Binding, Component | None] = {}
        for node in self._telling(module, rows, wanted):
            target = self._named(module, node, known, wanted)
            if target is not None:
                yield node, target
        for word in module.words("import"):
            call = around(word)
            is_call = word.type == "import" and call.type == "call_expression"
            target = self._lazy(module, call, wanted) if is_call else None
            if target is not None:
                yield call, target

    def _telling(self, module: Module, rows: Sequence[Entry], wanted: Set[str]) -> list[Node]:
        """Return the names of a file that may tell where a component of the wanted files is used.

        A local name means the component that it is in, which tells nothing but where a row shows it.
        """
        if module.is_broken or _VAR.search(module.data):  # a var in a block may be known to the whole file
            return module.nodes(*_NAMES)
        leading, others = self._declared(module, wanted)
        found = [node for name in leading for node in module.words(name) if node.type in _NAMES]
        named = module.once("names shown", module.root, lambda: _names_shown(rows))
        shown = [node for node in named if module.text(node) not in others]
        return list({node.start_byte: node for node in (*found, *shown)}.values())

    def _declared(self, module: Module, wanted: Set[str]) -> tuple[set[str], set[str]]:
        """Return the names that a file declares: those that stand for something of the wanted files, and others."""
        leading: set[str] = set()
        others: set[str] = set()
        for statement in module.statements:
            is_import = statement.type == "import_statement"
            path = self.modules.resolved(module.path, source_of(module, statement)) if is_import else module.path
            names = leading if path in wanted else others
            names.update(map(module.text, names_declared(statement)))
        return leading, others

    def _named(
        self, module: Module, node: Node, known: dict[Binding, Component | None], wanted: Set[str]
    ) -> Component | None:
        """Return the top-level declaration that a name refers to, through imports; ``known`` are those found before."""
        binding = self.modules.scopes(module).binding(node)
        if binding is None:
            return None
        is_import = node.parent is not None and node.parent.type in {"import_clause", "import_specifier"}
        is_used = node != binding.node if not module.is_vue else is_import  # a Vue file may use it in its template only
        if not is_used or node.parent is not None and node.parent.type in {"export_statement", "export_specifier"}:
            return None
        if binding not in known:
            known[binding] = self._declaration(self._meant(module, binding, wanted))
        return known[binding]

    def _meant(self, module: Module, binding: Binding, wanted: Set[str]) -> tuple[Module, Node] | None:
        if binding.kind != "import":
            return (module, binding.declaration) if module.path in wanted else None
        return self.modules.imported(module, binding) if self.modules.origin(module, binding) in wanted else None

    def _lazy(self, module: Module, call: Node, wanted: Set[str]) -> Component | None:
        given = arguments(call)
        is_known = bool(given) and given[0].type == "string"
        path = self.modules.resolved(module.path, string_value(module, given[0])) if is_known else None
        target = self.modules.module(path) if path is not None and path in wanted else None
        if target is None:
            return None
        return self._declaration(self.modules.exported(target, "default") or self.modules.exported(target, "Component"))

    def _declaration(self, found: tuple[Module, Node] | None) -> Component | None:
        return _component(*found) if found is not None else None


def _names_shown(rows: Sequence[Entry]) -> list[Node]:
    return [node for entry in rows for node in walk(entry.shown) if node.type in _NAMES]


def _closed(pages: set[str]) -> set[str]:
    """Return pages with ``/admin`` for an ``/admin/*`` of which the pages below it are known."""
    known = set()
    for page in pages:
        start = page.removesuffix("*")
        is_known = page.endswith("/*") and start != "/" and any(one.startswith(start) and one != page for one in pages)
        known.add(start.rstrip("/") if is_known else page)
    return known


def _component(module: Module, node: Node) -> Component:
    """Return the top-level declaration around a node."""
    return module.path, "" if module.is_vue else _name(module, node)


def _name(module: Module, node: Node) -> str:
    top = module.root.child_with_descendant(node) or node
    function = top.child_by_field_name("declaration") or top
    if function.type == "function_declaration" and is_within(node, function):  # which most components are
        return module.text(child(function, "name"))
    around = [node, *ancestors(node)]
    top = around[-2] if len(around) > 1 else node
    declared = (one for one in reversed(around[:-1]) if one.child_by_field_name("name") is not None)
    owner = next((one for one in declared if _is_top_level(one)), None) or _only_declaration(top)
    if owner is not None:
        return module.text(child(owner, "name"))
    if any(one.type == "default" for one in top.children):
        return "default"
    others = [one for one in around[-1].named_children if one.type != "import_statement"]
    return f"#{others.index(top)}" if top in others else ""


def _is_top_level(declaration: Node) -> bool:
    """True for what is declared in a statement of the file, exported or not."""
    levels = {"program", "export_statement", "lexical_declaration", "variable_declaration"}
    if declaration.type == "variable_declarator":
        return all(one.type in levels for one in ancestors(declaration))
    return declaration.type.endswith("declaration") and all(one.type in levels for one in ancestors(declaration))


def _only_declaration(statement: Node) -> Node | None:
    declaration = statement.child_by_field_name("declaration") or statement
    named = [one for one in (declaration, *declaration.named_children) if one.child_by_field_name("name") is not None]
    return named[0] if len(named) == 1 and declaration.type.endswith("declaration") else None
