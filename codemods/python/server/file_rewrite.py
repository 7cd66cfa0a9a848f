"""Puts handlers into a file: each below its class, the import of the bridge at the top.

Lines are put between the others, so that whatever is not new stays as it is, byte for byte. LibCST, which takes 0.3 s
to load, is asked where an import takes more than a plain line, and then sees the head of the file only.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from codemods.python.server.bridge_place import BridgePlace
from codemods.python.server.file_lines import FileLines
from codemods.python.server.handler import write
from codemods.python.server.import_lines import ImportLines
from codemods.python.server.planning import Plan
from codemods.python.source import Source

_STUB = "pass"
"""Stands for all that follows the head of a file."""


def rewritten(
    source: Source, plans: Sequence[Plan], place: BridgePlace, import_source: str, is_own: Callable[[str], bool]
) -> bytes:
    """Return the file with its handlers."""
    lines = FileLines(source.data, source.tree)
    body = source.tree.body
    bound = -1 if import_source else _bound(body, place.name)
    gap = lines.gap
    added: dict[int, list[str]] = {}
    for plan in plans:
        index = max(body.index(plan.method.cls), bound)
        assert isinstance(plan.node, ast.FunctionDef)  # an async one was left
        added.setdefault(index, []).append(lines.newline * gap + write(lines, plan.node, plan.handler))
    for index, handlers in sorted(added.items(), reverse=True):
        _put(lines, index, handlers, gap)
    if import_source:
        first = min(added)
        if not ImportLines(lines, is_own, first).add(import_source, place.name):
            _add_import(lines, import_source, place.name, is_own, first)
    return lines.bytes


def _bound(body: Sequence[ast.stmt], name: str) -> int:
    """Return which statement makes the bridge; -1 where none does yet."""
    for index, one in enumerate(body):
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Call):
            target = one.targets[0]
            if isinstance(target, ast.Name) and target.id == name:
                return index
    return -1


def _put(lines: FileLines, index: int, handlers: list[str], gap: int) -> None:
    """Put handlers below a statement; what follows them keeps its distance."""
    at = lines.end(index)
    is_last = index + 1 == len(lines.body)
    missing = 0 if is_last else max(gap - lines.blanks_above(index + 1), 0)
    lines.insert(at, "".join(handlers) + lines.newline * missing)


def _add_import(lines: FileLines, source: str, name: str, is_own: Callable[[str], bool], before: int) -> None:
    """Let LibCST rewrite the head of the file: down to what follows the last import above a statement."""
    import libcst as cst

    from codemods.python.imports import add_import

    imports = [n for n, one in enumerate(lines.body[:before]) if isinstance(one, ast.Import | ast.ImportFrom)]
    count = imports[-1] + 1 if imports else min(before, 1)
    while count < before and lines.first(count) <= lines.last(count - 1):
        count += 1  # several statements on one line
    end = lines.first(count) - 1
    head = cst.parse_module(lines.between(0, end) + _STUB + lines.newline)
    changed = add_import(head, source, name, is_own=is_own, before=before)
    lines.replace_head(end, changed.code.removesuffix(_STUB + lines.newline))
