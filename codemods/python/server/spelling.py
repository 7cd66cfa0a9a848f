"""How one file of a project writes the import of another: as its other imports are written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from codemods.python.project import Project


def spelled(project: Project, importer: str, target: str, entry: str) -> str | None:
    """Return what stands between ``from`` and ``import``; None where the importer's own imports tell nothing.

    ``target`` need not exist yet. ``entry`` is the file that is run.
    """
    if importer == target:
        return None
    known = list(_imports(project, importer, entry))
    for written, path in known:
        if path == target:
            return written
    for written, path in known:
        found = _relative(importer, target) if written.startswith(".") else _like(written, path, target)
        if found is not None:
            return found
    return _without_model(project, importer, target)


def is_own(project: Project, importer: str, entry: str, source: str) -> bool:
    """True for an import of the project's own."""
    return source.startswith(".") or project.find(source, importer, entry) is not None


def _imports(project: Project, importer: str, entry: str) -> Iterator[tuple[str, str]]:
    """Yield the ``from`` imports of project files: how each is written, and the file that it means."""
    for node in ast.walk(project.tree(importer) or ast.Module([], [])):
        if not isinstance(node, ast.ImportFrom):
            continue
        written = "." * node.level + (node.module or "")
        found = _at(project, importer, node) if node.level else project.find(node.module or "", importer, entry)
        if found is not None and found.endswith(".py"):
            yield written, found


def _at(project: Project, importer: str, node: ast.ImportFrom) -> str | None:
    folder = PurePosixPath(importer).parent
    for _ in range(node.level - 1):
        folder = folder.parent
    if node.module:
        return project.at(str(folder), node.module.split("."))
    init = str(folder / "__init__.py")
    return init if init in project.files else None


def _parts(path: str) -> tuple[str, ...]:
    """Return the dotted name of a file from the project's folder on, as parts."""
    pure = PurePosixPath(path)
    return pure.parent.parts if pure.name == "__init__.py" else pure.with_suffix("").parts


def _relative(importer: str, target: str) -> str | None:
    folder, parts = PurePosixPath(importer).parent, _parts(target)
    level = 1
    while folder.parts != parts[: len(folder.parts)]:
        folder, level = folder.parent, level + 1
    return "." * level + ".".join(parts[len(folder.parts) :])


def _like(written: str, path: str, target: str) -> str | None:
    """Write a target as ``written`` stands for ``path``: with the same names before, or with the same left out."""
    names, parts, wanted = tuple(written.split(".")), _parts(path), _parts(target)
    if names[-len(parts) :] == parts or not parts:
        before = names[: len(names) - len(parts)]
        return ".".join((*before, *wanted)) or None
    left_out = parts[: -len(names)]
    if parts[-len(names) :] == names and wanted[: len(left_out)] == left_out:
        return ".".join(wanted[len(left_out) :]) or None
    return None


def _without_model(project: Project, importer: str, target: str) -> str | None:
    """Write the import from the folder that is no package any more, which is where Python looks."""
    folder = PurePosixPath(importer).parent
    while str(folder / "__init__.py") in project.files and folder.parent != folder:
        folder = folder.parent
    wanted = _parts(target)
    return ".".join(wanted[len(folder.parts) :]) if wanted[: len(folder.parts)] == folder.parts else None


def module_at(project: Project, importer: str, node: ast.ImportFrom, entry: str) -> str | None:
    """Return the file, or the folder of a package without one, that a ``from`` import means."""
    return _at(project, importer, node) if node.level else project.find(node.module or "", importer, entry)
