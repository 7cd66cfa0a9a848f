"""Where a name of a file comes from: a package, or a definition of the project, through its imports."""

from __future__ import annotations

import ast

from msgspec import Struct

from codemods.python.project import Project
from codemods.python.server.spelling import module_at

_DEEPEST = 12


class Package(Struct, frozen=True):
    """Something of a package by its full name; ``()`` stands for what a call of it gives."""

    name: str


class Definition(Struct, frozen=True, eq=False):
    """A ``def`` or ``class`` of the project; ``is_made`` for an object of that class."""

    path: str
    node: ast.FunctionDef | ast.ClassDef
    is_made: bool = False


Origin = Package | Definition | None


class Origins:
    """Follows names of module level through the files of a project."""

    def __init__(self, project: Project, entry: str) -> None:
        self.project = project
        self.entry = entry

    def of(self, path: str, node: ast.expr, depth: int = 0) -> Origin:
        """Return what an expression of a file comes from; None where that is not known."""
        if depth > _DEEPEST:
            return None
        if isinstance(node, ast.Name):
            return self._name(path, node.id, depth + 1)
        if isinstance(node, ast.Attribute):
            return self._attribute(path, node, depth + 1)
        if isinstance(node, ast.Call):
            made = self.of(path, node.func, depth + 1)
            if isinstance(made, Package):
                return Package(f"{made.name}()")
            return Definition(made.path, made.node, is_made=True) if isinstance(made, Definition) else None
        return None

    def _attribute(self, path: str, node: ast.Attribute, depth: int) -> Origin:
        module = self._module(path, node.value)
        if module is not None:
            return self._name(module, node.attr, depth)
        owner = self.of(path, node.value, depth)
        if isinstance(owner, Package):
            return Package(f"{owner.name}.{node.attr}")
        if isinstance(owner, Definition) and isinstance(owner.node, ast.ClassDef):
            found = [one for one in owner.node.body if isinstance(one, ast.FunctionDef) and one.name == node.attr]
            return Definition(owner.path, found[-1]) if found else None
        return None

    def _module(self, path: str, node: ast.expr) -> str | None:
        """Return the file of the project that a plain name stands for."""
        if not isinstance(node, ast.Name):
            return None
        for one in self._top(path):
            if isinstance(one, ast.Import) and any((a.asname or a.name) == node.id for a in one.names):
                name = next(a.name for a in one.names if (a.asname or a.name) == node.id)
                return self._file(self.project.find(name, path, self.entry))
            if isinstance(one, ast.ImportFrom):
                for alias in one.names:
                    if (alias.asname or alias.name) == node.id:
                        base = module_at(self.project, path, one, self.entry)
                        below = self.project.at(base.removesuffix("/__init__.py"), [alias.name]) if base else None
                        return self._file(below)
        return None

    def _file(self, path: str | None) -> str | None:
        return path if path is not None and path.endswith(".py") else None

    def _top(self, path: str) -> list[ast.stmt]:
        """Return the statements of module level, those in ``try`` and ``if`` too."""
        tree = self.project.tree(path)
        found: list[ast.stmt] = []
        stack: list[ast.stmt] = list(tree.body) if tree is not None else []
        while stack:
            one = stack.pop(0)
            found.append(one)
            if isinstance(one, ast.Try | ast.If):
                stack[:0] = [*one.body, *one.orelse]
        return found

    def _name(self, path: str, name: str, depth: int) -> Origin:
        """Return what the last binding of a name at module level gives."""
        if depth > _DEEPEST:
            return None
        found: Origin = None
        for one in self._top(path):
            if isinstance(one, ast.FunctionDef | ast.ClassDef) and one.name == name:
                found = Definition(path, one)
            elif isinstance(one, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in one.targets):
                found = self.of(path, one.value, depth + 1)
            elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.target.id == name:
                found = self.of(path, one.value, depth + 1) if one.value is not None else found
            elif isinstance(one, ast.Import):
                found = next(
                    (
                        Package(a.name if a.asname else a.name.partition(".")[0])
                        for a in one.names
                        if (a.asname or a.name.partition(".")[0]) == name
                    ),
                    found,
                )
            elif isinstance(one, ast.ImportFrom):
                found = self._imported(path, one, name, depth) or found
        return found

    def _imported(self, path: str, node: ast.ImportFrom, name: str, depth: int) -> Origin:
        module = module_at(self.project, path, node, self.entry)
        for alias in node.names:
            if alias.name == "*" and module is not None and module.endswith(".py"):
                found = self._name(module, name, depth + 1)
                if found is not None:
                    return found
            if (alias.asname or alias.name) == name:
                if module is not None and module.endswith(".py"):
                    return self._name(module, alias.name, depth + 1)
                if module is None and not node.level:
                    return Package(f"{(node.module or '').replace('flask.ext.', 'flask_')}.{alias.name}")
        return None
