"""One imagined run of an app's source: an entry file and what it imports, in Python's own order."""

from __future__ import annotations

import ast
from pathlib import PurePosixPath

from codemods.python.project import Project
from codemods.python.statements import Statements
from codemods.python.values import UNKNOWN, ModuleValue, Place, Scope, Value, external


class World(Statements):
    """The modules, apps and findings of one run; nothing is shared with another run but the parsed files."""

    def __init__(self, project: Project, entry: str, *, is_main: bool = False) -> None:
        super().__init__()
        self.project = project
        self.entry = entry
        self.modules: dict[str, ModuleValue] = {}
        self.findings: dict[tuple[Place, str], None] = {}
        self._load(entry, "__main__" if is_main else PurePosixPath(entry).stem)

    def tell(self, place: Place, message: str) -> None:
        """Note something once."""
        self.findings[place, message] = None

    # ---- imports ------------------------------------------------------------------------------

    def do_import(self, node: ast.Import, scope: Scope) -> None:
        """Run ``import a.b as c``: with no ``as``, the name that is bound is the first one."""
        for one in node.names:
            module = self._import(one.name, scope.module)
            first = one.name.partition(".")[0]
            value = module if one.asname is not None or first == one.name else self._import(first, scope.module)
            scope.names[one.asname or first] = value

    def do_import_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        """Run ``from a import b``."""
        module = self._relative(node, scope.module) if node.level else self._import(node.module or "", scope.module)
        names = scope.names
        for one in node.names:
            if one.name != "*":
                names[one.asname or one.name] = self.attribute(module, one.name)
            elif isinstance(module, ModuleValue):
                names.update(_public(module))

    def import_by_name(self, dotted: str, scope: Scope) -> Value:
        """Return the module of ``import_module("a.b")``, or the object of ``import_string("a.b:c")``."""
        name, _, attribute = dotted.partition(":")
        package = str(PurePosixPath(scope.module.path).parent)
        module = self._at(package, name.lstrip(".").split(".")) if name[:1] == "." else self._import(name, scope.module)
        return self.attribute(module, attribute) if attribute else module

    def submodule(self, module: ModuleValue, name: str) -> Value:
        """Return the module ``name`` of a package."""
        path = PurePosixPath(module.path)
        folder = path.parent if path.name == "__init__.py" else path
        return self._at(str(folder), [name]) if path.suffix != ".py" or path.name == "__init__.py" else UNKNOWN

    def _relative(self, node: ast.ImportFrom, importer: ModuleValue) -> Value:
        folder = PurePosixPath(importer.path).parent
        for _ in range(node.level - 1):
            folder = folder.parent
        if node.module:
            return self._at(str(folder), node.module.split("."))
        init = str(folder / "__init__.py")
        return self._load(init, folder.name) if init in self.project.files else self._package(str(folder))

    def _at(self, folder: str, parts: list[str]) -> Value:
        found = self.project.at(folder, parts)
        return UNKNOWN if found is None else self._loaded(found, folder, parts)

    def _import(self, dotted: str, importer: ModuleValue) -> Value:
        found = self.project.find(dotted, importer.path, self.entry)
        if found is None:
            return external(dotted)
        parts = dotted.split(".")
        above = PurePosixPath(found)
        above = above.parent if above.name == "__init__.py" else above
        for _ in parts:
            above = above.parent
        return self._loaded(found, str(above), parts)

    def _loaded(self, found: str, base: str, parts: list[str]) -> Value:
        """Load a module after the packages that it lies in, as Python does."""
        above: Value = None
        for count in range(1, len(parts)):
            package = str(PurePosixPath(base, *parts[:count]))
            init = str(PurePosixPath(package, "__init__.py"))
            inner = self._load(init, parts[count - 1]) if init in self.project.files else self._package(package)
            _hang(above, parts[count - 1], inner)
            above = inner
        module = self._load(found, ".".join(parts)) if found.endswith(".py") else self._package(found)
        _hang(above, parts[-1], module)
        return module

    def _package(self, folder: str) -> ModuleValue:
        return self.modules.setdefault(folder, ModuleValue(PurePosixPath(folder).name, folder))

    def _load(self, path: str, name: str) -> Value:
        """Run a module, once; one that imports itself in a circle is seen half done, as in Python."""
        if path in self.modules:
            return self.modules[path]
        tree = self.project.tree(path)
        if tree is None:
            return UNKNOWN
        module = self.modules[path] = ModuleValue(name, path, {"__name__": name})
        try:
            self.execute(tree.body, Scope(module.names, module))
        except RecursionError:
            self.tell(Place(path, 1), "The code is nested too deep to be followed; its routes are left out.")
        return module


def _hang(package: Value, name: str, module: Value) -> None:
    """Make a module an attribute of its package, which it becomes when it is imported."""
    if isinstance(package, ModuleValue) and package is not module:
        package.names[name] = module


def _public(module: ModuleValue) -> dict[str, Value]:
    """Return what ``from module import *`` brings."""
    said = module.names.get("__all__")
    if isinstance(said, list | tuple):
        return {name: module.names[name] for name in said if isinstance(name, str) and name in module.names}
    return {name: value for name, value in module.names.items() if not name.startswith("_")}
