"""Finds which rows an UPDATE or DELETE can have changed, from its WHERE and its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, BindParameter, BooleanClauseList, Grouping

Key = tuple[Any, ...]


def written_keys(compiled: Any, parameters: Sequence[Mapping[str, Any]]) -> list[Key] | None:
    """Return the primary keys of the rows that a statement can have touched; None where its WHERE does not say.

    Each set of parameters stands for one execution. ``id = ?`` and ``id IN (...)`` say it, whatever else they are
    joined to by AND; so do all statements of a flush.
    """
    statement = compiled.statement
    columns = [column.name for column in statement.table.primary_key]
    if not columns or _sets(compiled, columns):
        return None
    found = dict(_equalities(statement.whereclause, statement.table))
    if any(column not in found for column in columns):
        return None
    names = {column: compiled.bind_names.get(found[column]) for column in columns}
    keys: list[Key] = []
    for values in parameters:
        parts = [_values(values, names[column]) for column in columns]
        if not all(parts):
            return None
        keys += product(*parts)
    return keys


def _sets(compiled: Any, columns: list[str]) -> bool:
    """True where an UPDATE gives a row another primary key: by ``values()``, or by the parameters of a flush."""
    statement = compiled.statement
    values = [*(getattr(statement, "_values", None) or ()), *dict(getattr(statement, "_ordered_values", None) or ())]
    given = {getattr(column, "name", column) for column in values} | set(compiled.column_keys or ())
    return compiled.isupdate and not given.isdisjoint(columns)


def _equalities(where: Any, table: Any) -> Iterator[tuple[str, BindParameter[Any]]]:
    """Yield (column, parameter) for each ``column = ?`` and ``column IN (?)`` that must hold."""
    if isinstance(where, Grouping):
        yield from _equalities(where.element, table)
    elif isinstance(where, BooleanClauseList) and where.operator is operators.and_:
        for clause in where.clauses:
            yield from _equalities(clause, table)
    elif isinstance(where, BinaryExpression) and where.operator in (operators.eq, operators.in_op):
        left, right = where.left, where.right
        if isinstance(left, BindParameter):
            left, right = right, left
        own = getattr(getattr(left, "table", None), "name", None)
        if isinstance(right, BindParameter) and own == table.name:
            yield left.name, right


def _values(values: Mapping[str, Any], name: str | None) -> list[Any]:
    """Return what a parameter stands for: one value, or those of an IN, which become parameters with numbers."""
    if name is None:
        return []
    if name in values:
        one = values[name]
        return [*one] if isinstance(one, (list, tuple, set, frozenset)) else [one]
    count = 1
    while f"{name}_{count}" in values:
        count += 1
    return [values[f"{name}_{number}"] for number in range(1, count)]
