"""Models: which a view names, and what their columns take."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from bridge.parity.takes import Field, Kind

_KINDS: dict[str, Kind] = {
    "Boolean": "boolean",
    "Integer": "integer",
    "Float": "number",
    "Numeric": "number",
    "DateTime": "datetime",
    "Date": "date",
    "Time": "time",
    "Uuid": "uuid",
    "JSON": "any",
    "Enum": "string",
    "String": "string",
}


def is_model(value: Any) -> bool:
    """True for a mapped class."""
    return isinstance(value, type) and "sqlalchemy" in sys.modules and hasattr(value, "__mapper__")


def table_of(model: Any) -> str:
    """Return the name of a model's table."""
    return str(model.__mapper__.local_table.name)


def column_fields(model: Any) -> tuple[Field, ...]:
    """Return the columns that a client could give: not the primary key that the database makes itself."""
    mapper = model.__mapper__
    return tuple(
        _field(mapper.get_property_by_column(column).key, column)
        for column in mapper.local_table.columns
        if column in mapper._columntoproperty and not (column.primary_key and not column.foreign_keys)
    )


def _field(name: str, column: Any) -> Field:
    kind: Kind = next((_KINDS[base.__name__] for base in type(column.type).__mro__ if base.__name__ in _KINDS), "any")
    has_default = column.default is not None or column.server_default is not None
    key = next(iter(column.foreign_keys), None)
    return Field(
        name,
        kind,
        required=not column.nullable and not has_default,
        nullable=bool(column.nullable),
        max_length=getattr(column.type, "length", None) if kind == "string" else None,
        choices=tuple(getattr(column.type, "enums", ()) or ()),
        unique=bool(column.unique),
        table=str(key.target_fullname).split(".")[-2] if key is not None else "",
        source="column",
    )


def tables_below(models: Iterable[Any], segments: Iterable[str]) -> tuple[str, ...]:
    """Return the tables of models, those first that a rule's segments name."""
    tables = list(dict.fromkeys(table_of(model) for model in models))
    named = [table for part in reversed(list(segments)) for table in tables if alike(table, part)]
    return tuple(dict.fromkeys([*named, *tables]))


def alike(table: str, segment: str) -> bool:
    """Tell whether a word of a rule means a table: ``workout-plans``, ``workoutPlan`` and ``workout_plans`` do."""
    one, other = (text.lower().replace("_", "").replace("-", "").rstrip("s") for text in (table, segment))
    return bool(one) and one == other
