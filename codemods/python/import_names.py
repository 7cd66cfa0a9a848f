"""The names of one ``from`` import: puts another among them, in their order and in their layout."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from codemods.python.import_order import place_of
from codemods.python.import_statements import Statement

_LONGEST = 88
"""Columns after which a list of names is put in parentheses, as black does."""


def with_name(
    module: cst.Module, line: Statement, node: cst.ImportFrom, names: Sequence[cst.ImportAlias], name: str
) -> Statement:
    """Return an import with one more name."""
    if any(one.evaluated_name == name and one.asname is None for one in names):
        return line
    node = node.with_changes(names=_inserted(names, name))
    if node.lpar is None and len(module.code_for_node(node)) > _LONGEST >= len(_old(module, line)):
        node = _wrapped(module, node)
    assert isinstance(line, cst.SimpleStatementLine)
    return line.with_changes(body=[node.with_changes(semicolon=line.body[0].semicolon)])


def _old(module: cst.Module, line: Statement) -> str:
    return module.code_for_node(line).strip().splitlines()[-1]


def _inserted(names: Sequence[cst.ImportAlias], name: str) -> list[cst.ImportAlias]:
    """Put a name where the order of the others has it; at the end where they have none."""
    at = place_of(name, [one.evaluated_name for one in names])
    new = cst.ImportAlias(cst.Name(name))
    result = [*names[:at], new, *names[at:]]
    if at < len(names):
        # The new name gets the comma and line end of the one before whose place it takes.
        model = names[at - 1].comma if at else names[0].comma
        result[at] = new.with_changes(comma=_between(model, names))
        return result
    last = names[-1]
    result[-1] = new.with_changes(comma=last.comma)
    result[-2] = last.with_changes(comma=_between(last.comma if len(names) == 1 else names[-2].comma, names))
    return result


def _between(model: cst.Comma | cst.MaybeSentinel, names: Sequence[cst.ImportAlias]) -> cst.Comma:
    """Return a comma like another one, without the comment that stands behind that."""
    if isinstance(model, cst.Comma):
        after = model.whitespace_after
        if isinstance(after, cst.ParenthesizedWhitespace):
            return cst.Comma(whitespace_after=_newline_only(after, names))
        return cst.Comma(whitespace_after=after if not after.empty else cst.SimpleWhitespace(" "))
    return cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def _newline_only(space: cst.ParenthesizedWhitespace, names: Sequence[cst.ImportAlias]) -> cst.ParenthesizedWhitespace:
    inner = [one.comma.whitespace_after for one in names if isinstance(one.comma, cst.Comma)]
    deepest = max((one for one in inner if isinstance(one, cst.ParenthesizedWhitespace)), key=_depth, default=space)
    return deepest.with_changes(
        first_line=space.first_line.with_changes(comment=None, whitespace=cst.SimpleWhitespace("")), empty_lines=[]
    )


def _depth(space: cst.ParenthesizedWhitespace) -> int:
    return len(space.last_line.value)


def _wrapped(module: cst.Module, node: cst.ImportFrom) -> cst.ImportFrom:
    """Put each name on a line of its own."""
    assert not isinstance(node.names, cst.ImportStar)
    line = cst.ParenthesizedWhitespace(last_line=cst.SimpleWhitespace(module.default_indent), indent=True)
    end = cst.ParenthesizedWhitespace(indent=True)
    names = [one.with_changes(comma=cst.Comma(whitespace_after=line)) for one in node.names]
    names[-1] = names[-1].with_changes(comma=cst.Comma(whitespace_after=end))
    return node.with_changes(lpar=cst.LeftParen(whitespace_after=line), names=names, rpar=cst.RightParen())
