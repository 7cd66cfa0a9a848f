"""What marshmallow schemas load in which route, heard by listening to ``Schema.load`` while routes are probed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bridge.parity.takes import Field, Kind

_KINDS: dict[str, Kind] = {
    "Integer": "integer",
    "Float": "number",
    "Decimal": "number",
    "Number": "number",
    "Boolean": "boolean",
    "DateTime": "datetime",
    "NaiveDateTime": "datetime",
    "AwareDateTime": "datetime",
    "Date": "date",
    "Time": "time",
    "Email": "email",
    "Url": "url",
    "UUID": "uuid",
    "List": "list",
    "Tuple": "list",
    "Nested": "object",
    "Pluck": "any",
    "Dict": "object",
    "Mapping": "object",
    "String": "string",
    "Enum": "string",
}
_METHODS = ("load", "loads", "validate")
Heard = Callable[[Any, bool], None]


@contextmanager
def listening(heard: Heard) -> Iterator[None]:
    """Call ``heard(schema, partial)`` for each schema that is loaded meanwhile; without marshmallow nothing is."""
    marshmallow: Any = sys.modules.get("marshmallow")
    if marshmallow is None:
        yield
        return
    schema, originals = marshmallow.Schema, {}

    def listener(original: Callable[..., Any]) -> Callable[..., Any]:
        def loading(self: Any, *args: Any, **kwargs: Any) -> Any:
            heard(self, bool(kwargs.get("partial", self.partial)))
            return original(self, *args, **kwargs)

        return loading

    for name in _METHODS:
        originals[name] = getattr(schema, name)
        setattr(schema, name, listener(originals[name]))
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(schema, name, original)


def is_schema(value: Any) -> bool:
    """True for a schema, or a class of schemas."""
    marshmallow: Any = sys.modules.get("marshmallow")
    if marshmallow is None:
        return False
    return isinstance(value, marshmallow.Schema) or (isinstance(value, type) and issubclass(value, marshmallow.Schema))


def schema_fields(schema: Any, *, partial: bool = False) -> tuple[Field, ...]:
    """Return what a schema loads, by the names that JSON has."""
    return tuple(_field(one.data_key or name, one, partial) for name, one in schema.load_fields.items())


def _field(name: str, field: Any, partial: bool = False) -> Field:
    kind: Kind = next((_KINDS[base.__name__] for base in type(field).__mro__ if base.__name__ in _KINDS), "any")
    nested = schema_fields(field.schema) if type(field).__name__ == "Nested" else ()
    many = bool(getattr(field, "many", False))
    inner = getattr(field, "inner", None)
    items = Field(name, "object", fields=nested) if many else _field(name, inner) if inner is not None else None
    return Field(
        name,
        "list" if many else kind,
        required=bool(field.required) and not partial,
        nullable=bool(field.allow_none),
        items=items,
        fields=() if many else nested,
        source="schema",
        **_bounds(field, kind),
    )


def _bounds(field: Any, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in _flat(field.validators):
        name = type(one).__name__
        if name == "Length":
            found |= {"min_length": one.equal or one.min, "max_length": one.equal or one.max}
        elif name == "Range" and kind in ("integer", "number"):
            found |= {"min": one.min, "max": one.max}
        elif name == "OneOf":
            found["choices"] = tuple(one.choices)
        elif name == "Regexp":
            found["pattern"] = one.regex.pattern
    if type(field).__name__ == "Enum":
        found["choices"] = tuple(field.enum.__members__)
    return {key: value for key, value in found.items() if value is not None}


def _flat(validators: Any) -> Iterator[Any]:
    for one in validators or ():
        if type(one).__name__ == "And":
            yield from _flat(one.validators)
        else:
            yield one
