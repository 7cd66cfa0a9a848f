"""What a route takes: path parameters, query, body, field by field; found by learning, used to make inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

Kind = Literal[
    "string",
    "integer",
    "number",
    "boolean",
    "date",
    "datetime",
    "time",
    "email",
    "url",
    "uuid",
    "list",
    "object",
    "any",
]
SOURCES = ("schema", "parser", "column", "source")
"""Where it is known from, best first: a marshmallow schema, reqparse, a model's column, the view's source."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value; bounds are inclusive and None where there is none.

    ``choices`` are all that is allowed, if that is known; ``table`` is set where the value is the id of one of its
    rows; ``items`` is what a list holds, ``fields`` what an object has.
    """

    name: str
    kind: Kind = "any"
    required: bool = False
    nullable: bool = False
    min: float | None = None
    max: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    choices: tuple[Any, ...] = ()
    pattern: str = ""
    unique: bool = False
    table: str = ""
    items: Field | None = None
    fields: tuple[Field, ...] = ()
    source: str = "source"

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        """Read what ``to_dict`` of a ``Takes`` wrote."""
        items = cls.from_dict(row["items"]) if row.get("items") else None
        fields = tuple(cls.from_dict(one) for one in row.get("fields", ()))
        return cls(**{**row, "items": items, "fields": fields, "choices": tuple(row.get("choices", ()))})


@dataclass(frozen=True, slots=True)
class Takes:
    """All that is known of one route; ``tables`` are those of the models that its view names."""

    event: str
    method: str
    rule: str
    params: tuple[Field, ...] = ()
    query: tuple[Field, ...] = ()
    body: tuple[Field, ...] = ()
    tables: tuple[str, ...] = ()

    @property
    def has_body(self) -> bool:
        """True where a body is sent along."""
        return self.method in ("POST", "PUT", "PATCH") or bool(self.body)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        """Read what ``to_dict`` wrote."""
        fields = {name: tuple(map(Field.from_dict, row.get(name, ()))) for name in ("params", "query", "body")}
        return cls(row["event"], row["method"], row["rule"], **fields, tables=tuple(row.get("tables", ())))
