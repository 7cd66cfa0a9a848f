"""The files of one front end: parsed on demand, imports followed, exported values found."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from msgspec import Struct, field
from tree_sitter import Node

from codemods.javascript.parser import Module, ancestors, child, items, parse, walk
from codemods.javascript.scope import Binding, Scopes, scopes_of

SUFFIXES = (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".vue")
_WHOLE = ("", *SUFFIXES)
_INDEXES = tuple(f"/index{suffix}" for suffix in SUFFIXES)
Read = Callable[[str], bytes | None]
Entries = Callable[[str], frozenset[str] | None]
"""Returns the names in a folder, in lower case, or None where they are not known."""

_MOST_KEPT = 300_000
"""Bytes of source whose trees are kept; a tree takes some twenty times as much memory."""


class Modules(Struct, eq=False, dict=True):
    """All source files of a front end; ``read`` returns a file's bytes or None, ``root`` holds package.json.

    ``listing`` returns the paths of its sources, when they are asked for; ``entries`` says what a folder may
    hold. The files used last are kept parsed; ``memo`` holds what was worked out from all of them once, by name.
    """

    root: str
    read: Read
    listing: Callable[[], tuple[str, ...]] = tuple
    entries: Entries = field(default=lambda folder: None)
    memo: dict[str, object] = field(default_factory=dict)
    _parsed: dict[str, Module | None] = field(default_factory=dict)
    _kept: int = 0
    _there: dict[str, bool] = field(default_factory=dict)
    _resolved: dict[tuple[str, str], str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, files: dict[str, bytes], root: str = "/app") -> Modules:
        """Build a front end from files in memory."""
        return cls(root, files.get, lambda: tuple(files))

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The paths of all its sources."""
        return self.listing()

    def module(self, path: str) -> Module | None:
        """Return a parsed file, or None if it cannot be read."""
        is_known = path in self._parsed
        module = self._parsed[path] if is_known else self._load(path)
        self._keep(path, module)
        return module

    def _keep(self, path: str, module: Module | None) -> None:
        """Put a file at the end of those that are kept, and let go of the ones that were used longest ago."""
        self.forget(path)
        self._parsed[path] = module
        self._kept += _size(module)
        while self._kept > _MOST_KEPT and len(self._parsed) > 1:
            self.forget(next(iter(self._parsed)))

    def forget(self, path: str) -> None:
        """Let go of a file's tree; it is parsed anew where it is needed again."""
        self._kept -= _size(self._parsed.pop(path, None))

    def forget_all(self) -> None:
        """Let go of all trees."""
        self._parsed.clear()
        self._kept = 0

    def _load(self, path: str) -> Module | None:
        data = self.read(path)
        try:
            return None if data is None else parse(data, path)
        except UnicodeDecodeError:
            return None

    def adopt(self, module: Module) -> None:
        """Take a parsed file, original or half rewritten, for what stands at its path."""
        self._keep(module.path, module)

    def scopes(self, module: Module) -> Scopes:
        """Return the scopes of a file, which are kept with it."""
        return scopes_of(module)

    def parsed(self, data: bytes, path: str) -> Module:
        """Return a file with these bytes, parsed. Raises UnicodeDecodeError if it is not UTF-8."""
        known = self._parsed.get(path)
        return known if known is not None and known.data == data else parse(data, path)

    def matching(self, is_wanted: Callable[[bytes], bool]) -> Iterator[Module]:
        """Yield the parsed files whose bytes pass a test."""
        for path in self.files:
            data = self.read(path)
            module = self.module(path) if data is not None and is_wanted(data) else None
            if module is not None:
                yield module

    def resolve(self, path: str, source: str) -> Module | None:
        """Return the file that ``import ... from source`` in ``path`` means, or None outside the front end."""
        target = self.resolved(path, source)
        return self.module(target) if target is not None else None

    def resolved(self, path: str, source: str) -> str | None:
        """Return the path of the file that ``resolve`` parses."""
        key = path.rpartition("/")[0] if source.startswith(".") else "", source
        if key not in self._resolved:
            self._resolved[key] = self._find(*key)
        return self._resolved[key]

    def _find(self, folder: str, source: str) -> str | None:
        if source.startswith("."):
            bases = [posixpath.normpath(posixpath.join(folder, source))]
        elif source.startswith(("@/", "~/")):
            bases = [f"{self.root}/src/{source[2:]}", f"{self.root}/{source[2:]}"]
        else:
            bases = [f"{self.root}/src/{source}"]
        paths = (base + ending for base in bases for ending in self._endings(base))
        return next(filter(self._is_there, paths), None)

    def _endings(self, base: str) -> Iterable[str]:
        """Return the endings that an import may leave out, without those that the folder has nothing for: most of them.

        Some file systems know a name in other letters too; a name beyond ASCII in other bytes.
        """
        folder, _, name = base.rpartition("/")
        names = self.entries(folder)
        if names is None or not name.isascii():
            return (*_WHOLE, *_INDEXES)
        name = name.lower()
        found = [ending for ending in _WHOLE if name + ending in names]
        return [*found, *_INDEXES] if name in names else found

    def _is_there(self, path: str) -> bool:
        if path not in self._there:
            self._there[path] = self.read(path) is not None
        return self._there[path]

    def imported(self, module: Module, binding: Binding) -> tuple[Module, Node] | None:
        """Return the file and node that an imported name stands for: a value or a declaration."""
        path = self.origin(module, binding)
        target = self.module(path) if path is not None else None
        return self.exported(target, _outer_name(module, binding)) if target is not None else None

    def origin(self, module: Module, binding: Binding) -> str | None:
        """Return the path of the file that a name is imported from, or None outside the front end."""
        around = (binding.declaration, *ancestors(binding.declaration))
        statement = next((one for one in around if one.type == "import_statement"), None)
        return self.resolved(module.path, source_of(module, statement)) if statement is not None else None

    def exported(self, module: Module, name: str, depth: int = 0) -> tuple[Module, Node] | None:
        """Return what a file exports under a name ("default" for its default), through re-exports."""
        for statement in module.statements:
            if statement.type != "export_statement" or depth > 8:
                continue
            found = self._exported_by(module, statement, name, depth)
            if found is not None:
                return found
        return (module, module.root) if module.is_vue and name == "default" else None

    def _exported_by(self, module: Module, statement: Node, name: str, depth: int) -> tuple[Module, Node] | None:
        if any(one.type == "default" for one in statement.children):
            if name != "default":
                return None
            node = statement.child_by_field_name("value") or statement.child_by_field_name("declaration")
            return None if node is None else self._follow(module, node, depth)
        declaration = statement.child_by_field_name("declaration")
        if declaration is not None:
            return self._declared(module, declaration, name)
        return self._listed(module, statement, name, depth)

    def _declared(self, module: Module, declaration: Node, name: str) -> tuple[Module, Node] | None:
        own = declaration.child_by_field_name("name")
        if own is not None:
            return (module, declaration) if module.text(own) == name else None
        for one in items(declaration):
            target = one.child_by_field_name("name")
            value = one.child_by_field_name("value")
            if target is not None and value is not None and module.text(target) == name:
                return module, value
        return None

    def _listed(self, module: Module, statement: Node, name: str, depth: int) -> tuple[Module, Node] | None:
        source = statement.child_by_field_name("source")
        target = self.resolve(module.path, unquote(module, source)) if source is not None else None
        specifiers = [one for one in walk(statement) if one.type == "export_specifier"]
        for one in specifiers:
            alias = one.child_by_field_name("alias") or child(one, "name")
            if module.text(alias) != name:
                continue
            inner = child(one, "name")
            if target is not None:
                return self.exported(target, module.text(inner), depth + 1)
            return self._follow(module, inner, depth)
        return self.exported(target, name, depth + 1) if target is not None and not specifiers else None

    def _follow(self, module: Module, node: Node, depth: int) -> tuple[Module, Node] | None:
        """Follow an identifier to its constant's value or its declaration."""
        if node.type != "identifier":
            return module, node
        binding = self.scopes(module).binding(node) or self.scopes(module).visible(module.root, module.text(node))
        if binding is None or not binding.is_constant or depth > 8:
            return None
        if binding.kind == "import":
            return self.imported(module, binding)
        return module, binding.value or binding.declaration


def _size(module: Module | None) -> int:
    return len(module.data) if module is not None else 0


def unquote(module: Module, string: Node) -> str:
    """Return the characters of a string literal that has no escapes."""
    return module.text(string)[1:-1]


def source_of(module: Module, statement: Node) -> str:
    """Return where an import statement imports from."""
    source = statement.child_by_field_name("source")
    return unquote(module, source) if source is not None else ""


def _outer_name(module: Module, binding: Binding) -> str:
    if binding.declaration.type == "import_specifier":
        return module.text(child(binding.declaration, "name"))
    return "default" if binding.declaration.type == "import_clause" else "*"
