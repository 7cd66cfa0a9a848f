"""What ``--remove`` knows of an app: its native handlers, its Resource classes, and who else uses those."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from codemods.discovery import scripts
from codemods.files import read as bytes_of
from codemods.python.operators import elements
from codemods.python.server.init_reading import Reading
from codemods.python.server.spelling import module_at
from codemods.python.values import Class, ModuleValue, Rule, View

REGISTRATION, IMPORT, HANDLER, OTHER = "registration", "import", "handler", "other"
HTTP = ("get", "post", "put", "patch", "delete", "head", "options")
_TEMPLATES = (".html", ".jinja", ".jinja2", ".j2", ".txt", ".xml")
Key = tuple[str, str]


class Handler(Struct, frozen=True):
    """A native handler: where its decorator stands, and the function below it."""

    event: str
    key: Key
    path: str
    call: ast.Call
    function: ast.FunctionDef


class Reference(Struct, frozen=True):
    """A place that names a class; ``statement`` is the one around it, ``body`` those among which that stands."""

    kind: str
    path: str
    node: ast.AST
    statement: ast.stmt
    body: list[ast.stmt]
    alias: str = ""


class Removing:
    """A reading with what removal asks of it."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    @cached_property
    def handlers(self) -> dict[Key, Handler]:
        """The native handlers of the app, by method and rule."""
        return {one.key: one for one in self._handlers()}

    def _handlers(self) -> Iterator[Handler]:
        for said in self.reading.notes.said:
            parts, name = elements(said.call.keywords.get("replaces")) or [], said.call.get(0, "name")
            node, path = said.call.node, said.call.scope.module.path
            function = self._decorated(path, node)
            is_known = len(parts) == 2 and all(isinstance(one, str) for one in (*parts, name))
            if is_known and function is not None and isinstance(node, ast.Call) and said.owner.app is self.reading.app:
                yield Handler(name, (parts[0].upper(), parts[1]), path, node, function)

    def _decorated(self, path: str, node: ast.AST) -> ast.FunctionDef | None:
        tree = self.reading.project.tree(path)
        functions = (one for one in tree.body if isinstance(one, ast.FunctionDef)) if tree is not None else ()
        return next((one for one in functions if any(each is node for each in one.decorator_list)), None)

    @cached_property
    def classes(self) -> dict[Class, list[Rule]]:
        """The Resource classes that HTTP reaches, each with its rules."""
        found: dict[Class, list[Rule]] = {}
        for rule in self.reading.app.rules:
            if isinstance(rule.view, View):
                found.setdefault(rule.view.cls, []).append(rule)
        return found

    def subclass(self, cls: Class) -> str:
        """Return the name of a class that derives from this one, "" where none does."""
        others = (one.cls for one in self.reading.notes.defined if one.cls is not cls)
        return next((one.name for one in others if any(base is cls for base in one.ancestry())), "")

    # ---- who names a class --------------------------------------------------------------------

    def references(self, cls: Class) -> Iterator[Reference]:
        """Yield each place that names a class, but for its own body."""
        for path, data in self.reading.project.files.items():
            if cls.name.encode() in data or path in self._renaming(cls):
                yield from self._in_file(cls, path)

    def _renaming(self, cls: Class) -> set[str]:
        modules = self.reading.world.modules.values()
        return {one.path for one in modules if any(value is cls for value in one.names.values())}

    def _in_file(self, cls: Class, path: str) -> Iterator[Reference]:
        tree = self.reading.project.tree(path)
        names = self._names(cls, path)
        for body, statement in _statements(tree.body if tree is not None else []):
            if statement is cls.node:
                continue
            for node in _parts(statement):
                alias = _listed(cls, path, statement, node) or self._named(cls, path, node, names)
                if alias:
                    kind = self._kind(path, statement, node)
                    yield Reference(kind, path, node, statement, body, alias)

    def _names(self, cls: Class, path: str) -> set[str]:
        module = self.reading.world.modules.get(path)
        known = {name for name, value in module.names.items() if value is cls} if module is not None else set()
        tree = self.reading.project.tree(path)
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.ImportFrom) and self._means_module(cls, path, node):
                known |= {one.asname or one.name for one in node.names if one.name in {cls.name, "*"}} - {"*"}
        # What names it in turn, a loop's variable for instance, starts from a place that names it itself.
        return known - set(_assigned(tree))

    def _means_module(self, cls: Class, path: str, node: ast.ImportFrom) -> bool:
        found = module_at(self.reading.project, path, node, self.reading.start.entry)
        if found == cls.module.path:
            return True
        module = self.reading.world.modules.get(found or "")
        return module is not None and any(module.names.get(one.name) is cls for one in node.names)

    def _named(self, cls: Class, path: str, node: ast.AST, names: set[str]) -> str:
        """Return the name by which a node names the class, or ""."""
        if isinstance(node, ast.Name):
            return node.id if node.id in names else ""
        if isinstance(node, ast.alias):
            return node.asname or node.name if (node.asname or node.name) in names else ""
        if isinstance(node, ast.Attribute) and node.attr == cls.name and isinstance(node.value, ast.Name):
            module = self.reading.world.modules.get(path)
            owner = module.names.get(node.value.id) if module is not None else None
            return cls.name if isinstance(owner, ModuleValue) and owner.names.get(cls.name) is cls else ""
        return ""

    def _kind(self, path: str, statement: ast.stmt, node: ast.AST) -> str:
        if isinstance(statement, ast.ImportFrom):
            return IMPORT
        if any(one.path == path and _is_within(statement, one.function) for one in self.handlers.values()):
            return HANDLER
        call = statement.value if isinstance(statement, ast.Expr) else None
        is_call = isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and bool(call.args)
        if is_call and call.func.attr == "add_resource" and call.args[0] is node:  # type: ignore[union-attr]
            return REGISTRATION
        return OTHER

    # ---- beyond the app's own files -----------------------------------------------------------

    def test_using(self, cls: Class) -> str:
        """Return a test file that names a class, "" where none does."""
        word = re.compile(rb"\b" + cls.name.encode() + rb"\b")
        stem = re.compile(rb"\b" + Path(cls.module.path).stem.encode() + rb"\b")
        return next((path for path, data in self._tests.items() if word.search(data) and stem.search(data)), "")

    @cached_property
    def _tests(self) -> dict[str, bytes]:
        return {path: data for path, data in self._others((".py",)) if path not in self.reading.project.files}

    def link_to(self, endpoint: str) -> str:
        """Return a file that makes links to an endpoint, "" where none does."""
        last = endpoint.rpartition(".")[2]
        call = re.compile(rb"url_for\(\s*['\"][\w.]*\b" + re.escape(last.encode()) + rb"['\"]")
        return next((path for path, data in self._linking.items() if call.search(data)), "")

    @cached_property
    def _linking(self) -> dict[str, bytes]:
        others = dict(self._others((".py", *_TEMPLATES)))
        return {path: data for path, data in {**others, **self.reading.project.files}.items() if b"url_for" in data}

    def _others(self, endings: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
        folder = self.reading.folder.absolute().as_posix()
        for script in scripts(folder, (), endings):
            data = bytes_of(script.path)
            if data is not None:
                yield script.path.removeprefix(f"{folder}/"), data


def _assigned(tree: ast.Module | None) -> Iterator[str]:
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _listed(cls: Class, path: str, statement: ast.stmt, node: ast.AST) -> str:
    """Return the name of a class that ``__all__`` of its file holds."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    is_list = any(isinstance(one, ast.Name) and one.id == "__all__" for one in targets) and path == cls.module.path
    return cls.name if is_list and isinstance(node, ast.Constant) and node.value == cls.name else ""


def _is_within(statement: ast.stmt, function: ast.FunctionDef) -> bool:
    return function.lineno <= statement.lineno <= (function.end_lineno or function.lineno)


def _statements(body: list[ast.stmt]) -> Iterator[tuple[list[ast.stmt], ast.stmt]]:
    """Yield every statement with the list that it stands in; a class is taken as a whole."""
    for one in body:
        yield body, one
        if isinstance(one, ast.ClassDef):
            continue
        for field in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(one, field, None) or [])
        for handler in (*getattr(one, "handlers", ()), *getattr(one, "cases", ())):
            yield from _statements(handler.body)


def _parts(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the nodes of a statement, without those of the statements in it; those of a class with them."""
    if isinstance(statement, ast.ClassDef):
        yield from ast.walk(statement)
        return
    stack: list[ast.AST] = list(ast.iter_child_nodes(statement))
    while stack:
        one = stack.pop()
        yield one
        if not isinstance(one, ast.stmt | ast.ExceptHandler | ast.match_case):
            stack += list(ast.iter_child_nodes(one))
