"""Path parameters, as the converters of the app's URL map know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bridge.parity.takes import Field, Kind

if TYPE_CHECKING:
    from flask import Flask

_KINDS: dict[str, Kind] = {"IntegerConverter": "integer", "FloatConverter": "number", "UUIDConverter": "uuid"}


def path_fields(app: Flask, rule_text: str, params: tuple[str, ...]) -> tuple[Field, ...]:
    """Return the parameters of a rule, in order; an unknown kind of converter takes text."""
    rule = next((one for one in app.url_map.iter_rules() if one.rule == rule_text), None)
    converters = rule._converters if rule is not None else {}
    return tuple(_field(name, converters.get(name)) for name in params)


def _field(name: str, converter: Any) -> Field:
    kind: Kind = next((_KINDS[base.__name__] for base in type(converter).__mro__ if base.__name__ in _KINDS), "string")
    lowest = getattr(converter, "min", None)
    if kind in ("integer", "number") and lowest is None and not getattr(converter, "signed", False):
        lowest = 0
    choices = tuple(sorted(getattr(converter, "items", ()))) if type(converter).__name__ == "AnyConverter" else ()
    return Field(name, kind, required=True, min=lowest, max=getattr(converter, "max", None), choices=choices)
