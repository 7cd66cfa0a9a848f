"""Puts handlers into a file: each below its class, the import of the bridge at the top (LibCST)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import libcst as cst

from codemods.python.imports import add_import
from codemods.python.server.bridge_place import BridgePlace
from codemods.python.server.handler import write
from codemods.python.server.planning import Plan
from codemods.python.server.project_routes import ClassKey
from codemods.python.source import Source

Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


def rewritten(
    source: Source, plans: Sequence[Plan], place: BridgePlace, import_source: str, is_own: Callable[[str], bool]
) -> bytes:
    """Return the file with its handlers."""
    module = cst.parse_module(source.data)
    classes = dict(_classes(module))
    bound = -1 if import_source else _bound(module, place.name)
    gap = _gap(module)
    added: dict[int, list[cst.FunctionDef]] = {}
    for plan in plans:
        index = max(classes[plan.method.key], bound)
        added.setdefault(index, []).append(_handler(module, classes, plan, gap))
    module = module.with_changes(body=list(_body(module.body, added, gap)))
    if import_source:
        first = min(added) if added else None
        module = add_import(module, import_source, place.name, is_own=is_own, before=first)
    return module.bytes


def _classes(module: cst.Module) -> Iterable[tuple[ClassKey, int]]:
    """Yield where each class of module level stands."""
    count: dict[str, int] = {}
    for index, node in enumerate(module.body):
        if isinstance(node, cst.ClassDef):
            name = node.name.value
            count[name] = count.get(name, -1) + 1
            yield ClassKey(name, count[name]), index


def _bound(module: cst.Module, name: str) -> int:
    """Return which statement makes the bridge; -1 where none does yet."""
    for index, line in enumerate(module.body):
        small = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
        if isinstance(small, cst.Assign) and isinstance(small.value, cst.Call):
            target = small.targets[0].target
            if isinstance(target, cst.Name) and target.value == name:
                return index
    return -1


def _handler(module: cst.Module, classes: dict[ClassKey, int], plan: Plan, gap: int) -> cst.FunctionDef:
    owner = cst.ensure_type(module.body[classes[plan.method.owner_key]], cst.ClassDef)
    method = [
        one for one in owner.body.body if isinstance(one, cst.FunctionDef) and one.name.value == plan.method.verb
    ][-1]
    indent = getattr(owner.body, "indent", None) or module.default_indent
    made = write(method, plan.handler, module, indent)
    return made.with_changes(leading_lines=[*_blank(gap), *made.leading_lines])


def _blank(count: int) -> list[cst.EmptyLine]:
    return [cst.EmptyLine(indent=False)] * count


def _gap(module: cst.Module) -> int:
    """Return how many blank lines the file puts between definitions: two, or one where it never has two."""
    counts = [
        sum(one.comment is None for one in node.leading_lines)
        for node in module.body[1:]
        if isinstance(node, cst.ClassDef | cst.FunctionDef)
    ]
    return 1 if counts and max(counts) == 1 else 2


def _body(body: Sequence[Statement], added: dict[int, list[cst.FunctionDef]], gap: int) -> Iterable[Statement]:
    """Yield the statements with the handlers; what follows one keeps its distance."""
    for index, line in enumerate(body):
        blanks = sum(one.comment is None for one in line.leading_lines)
        if index - 1 in added and blanks < gap:
            line = line.with_changes(leading_lines=[*_blank(gap - blanks), *line.leading_lines])
        yield line
        yield from added.get(index, ())
