"""Where the project makes its ``bridge``, and how a file with handlers imports it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from codemods import reasons
from codemods.python.server.bound_names import stores
from codemods.python.server.project_routes import AppReading
from codemods.python.server.spelling import module_at, spelled
from codemods.results import Left

_CALL = b"Bridge("


class BridgePlace(Struct, frozen=True):
    """``name`` is bound in the file ``path`` at line ``line``, 0 where that is not known.

    ``is_planned`` where it is not there yet (planned_place.py); ``problem`` says why ``--init`` would not make it.
    """

    path: str
    name: str
    line: int
    is_planned: bool = False
    problem: str = ""


def find(reading: AppReading, nearest: str = "") -> BridgePlace | None:
    """Return where ``bridge = Bridge(...)`` stands at module level; ``nearest`` is a file that is preferred."""
    places = [one for path, data in reading.project.files.items() if _CALL in data for one in _made(reading, path)]
    reached = reading.start.world.modules if reading.start is not None else {}
    return min(places, key=lambda one: (one.path != nearest, one.path not in reached, one.path), default=None)


def _made(reading: AppReading, path: str) -> Iterator[BridgePlace]:
    tree = reading.project.tree(path)
    for node in tree.body if tree is not None else ():
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            called = ast.unparse(node.value.func)
            if called.rpartition(".")[2] == "Bridge" and isinstance(node.targets[0], ast.Name):
                yield BridgePlace(path, node.targets[0].id, node.lineno)


def import_source(reading: AppReading, place: BridgePlace, path: str) -> str:
    """Return what a file writes between ``from`` and ``import``, "" for the file that makes the bridge itself.

    Raises Left where the import would go round in a circle and find no bridge yet.
    """
    if path == place.path:
        return ""
    assert reading.start is not None
    _refuse_circle(reading, place, path)
    folder = path.rpartition("/")[0]
    beside = [one for one in reading.project.files if one != path and one.rpartition("/")[0] == folder]
    # A file that imports nothing of the project writes it as its neighbours do.
    spellings = (spelled(reading.project, one, place.path, reading.start.entry) for one in [path, *beside])
    found = next(filter(None, spellings), None)
    if found is None:
        msg = f"How this file would import {place.name} from {place.path} is not clear."
        raise Left(reasons.BRIDGE_OUT_OF_REACH, msg)
    return found


def _refuse_circle(reading: AppReading, place: BridgePlace, path: str) -> None:
    """Raise Left if the module that makes the bridge imports this one, unless after it and this one imports that."""
    if not place.line or place.path not in reading.project.files:
        return  # A module that --init will add imports nothing of the project.
    tree = reading.project.tree(place.path)
    for node in _imports(tree):
        if path not in _reached(reading, place.path, node):
            continue
        is_before = node.lineno < place.line
        if is_before or not _imports_file(reading, path, place.path):
            when = "before it makes" if is_before else "and makes"
            msg = f"{place.path} imports this file (line {node.lineno}) {when} {place.name}, so it cannot be imported."
            raise Left(reasons.BRIDGE_OUT_OF_REACH, msg)


def _imports(tree: ast.Module | None) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports that run when a module is loaded."""
    stack: list[ast.AST] = list(tree.body) if tree is not None else []
    while stack:
        one = stack.pop(0)
        if isinstance(one, ast.Import | ast.ImportFrom):
            yield one
        elif isinstance(one, ast.If | ast.Try | ast.With):
            stack[:0] = list(ast.iter_child_nodes(one))
        elif isinstance(one, ast.ExceptHandler):
            stack[:0] = list(one.body)


def _reached(reading: AppReading, importer: str, node: ast.Import | ast.ImportFrom) -> set[str]:
    """Return the files of the project that an import loads, directly and through others."""
    found: set[str] = set()
    todo = list(_files(reading, importer, node))
    while todo:
        path = todo.pop()
        if path not in found and path != importer:
            found.add(path)
            todo += [file for one in _imports(reading.project.tree(path)) for file in _files(reading, path, one)]
    return found


def _imports_file(reading: AppReading, path: str, target: str) -> bool:
    return any(target in _files(reading, path, node) for node in _imports(reading.project.tree(path)))


def _files(reading: AppReading, importer: str, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """Yield the files of the project that an import names, submodules of a package among them."""
    assert reading.start is not None
    project, entry = reading.project, reading.start.entry
    if isinstance(node, ast.Import):
        found = [project.find(alias.name, importer, entry) for alias in node.names]
    else:
        base = module_at(project, importer, node, entry)
        folder = _folder(importer, node, base)
        found = [base] + [project.at(folder, [alias.name]) for alias in node.names if folder]
    yield from (one for one in found if one is not None and one.endswith(".py"))


def _folder(importer: str, node: ast.ImportFrom, base: str | None) -> str:
    """Return the folder in which ``from package import module`` looks for the module, or ""."""
    if base is None and node.level and not node.module:
        return importer.rpartition("/")[0] or "."
    if base is None or base.endswith(".py") and not base.endswith("__init__.py"):
        return ""
    return base.removesuffix("__init__.py").rstrip("/") or "."


def refuse_other_name(tree: ast.Module, place: BridgePlace, source: str) -> None:
    """Raise Left if the bridge's name means something else in a file that would import it."""
    if not source:
        return
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and ("." * node.level + (node.module or "")) == source:
            continue
        if stores(node)[place.name]:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name != place.name:
                continue
            raise Left(reasons.BRIDGE_OUT_OF_REACH, f"{place.name} is something else in this file.")
