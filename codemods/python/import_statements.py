"""Import statements of a module's own level, as LibCST has them: which there are, what each imports from."""

from __future__ import annotations

import libcst as cst

Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


def is_import(line: Statement) -> bool:
    """True for a line that starts with an import."""
    return isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], (cst.Import, cst.ImportFrom))


def only_of(line: Statement) -> cst.BaseSmallStatement | None:
    """Return the statement of a line that holds one."""
    return line.body[0] if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1 else None


def first_source(line: Statement) -> str:
    """Return what a line that is an import imports from first."""
    assert isinstance(line, cst.SimpleStatementLine)
    node = line.body[0]
    if isinstance(node, cst.ImportFrom):
        return source_of(node)
    assert isinstance(node, cst.Import)
    return node.names[0].evaluated_name


def source_of(node: cst.ImportFrom) -> str:
    """Return what stands between ``from`` and ``import``."""
    dotted = cst.Module([]).code_for_node(node.module) if node.module is not None else ""
    return "." * len(node.relative) + dotted


def replaced(module: cst.Module, index: int, line: Statement) -> cst.Module:
    """Return a module with another statement in the place of one."""
    return module.with_changes(body=[*module.body[:index], line, *module.body[index + 1 :]])
