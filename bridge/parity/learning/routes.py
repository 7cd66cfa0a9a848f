"""Puts together what is known of each route; the better source decides about a field."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bridge.parity.learning import parsers, schemas
from bridge.parity.learning.columns import alike, column_fields, tables_below
from bridge.parity.learning.converters import path_fields
from bridge.parity.learning.reading import Read, read_view
from bridge.parity.steps import ABSENT, Step
from bridge.parity.takes import SOURCES, Field, Takes

if TYPE_CHECKING:
    from flask import Flask

    from bridge.events import Event

Ask = Callable[[Step], Any]


def learn(app: Flask, event: Event, ask: Ask, who: str = "") -> Takes:
    """Return what a route takes. ``ask`` sends a step through the app in this thread and swallows its errors.

    ``who`` is somebody who is logged in: a route that lets nobody in does not show what it loads.
    """
    try:
        return _learned(app, event, ask, who)
    except Exception:  # of a view that nobody has thought of: less is known then, and that is all
        return Takes(event.event, event.method, event.rule, path_fields(app, event.rule, event.params))


def _learned(app: Flask, event: Event, ask: Ask, who: str) -> Takes:
    read = read_view(app.view_functions[event.endpoint], event.method)
    segments = [part for part in event.rule.split("/") if part and "<" not in part]
    tables = tables_below(read.models.values(), segments)
    params = path_fields(app, event.rule, event.params)
    params = tuple(_of_table(field, event.rule, tables) for field in params)
    takes = Takes(event.event, event.method, event.rule, params, tables=tables)
    known = _from_source(read)
    loaded, query = _probed(event, takes, ask, who)
    named = [
        field for schema, partial in read.schemas for field in _fields_of(schema, partial and event.method == "PATCH")
    ]
    body = _merged([*loaded, *named, *known]) if event.method not in ("GET", "HEAD") else ()
    columns = {field.name: field for model in read.models.values() for field in column_fields(model)}
    body = tuple(_filled_in(field, columns) for field in body)
    args = [Field(name, "string", required=is_required) for name, is_required in read.query.items()]
    return replace(takes, body=body, query=_merged([*query, *args]))


def _of_table(field: Field, rule: str, tables: tuple[str, ...]) -> Field:
    """Say of which table a path parameter is an id: by the segment before it, by its name, else the view's first."""
    before = re.split(rf"<[^<>]*\b{re.escape(field.name)}>", rule)[0].rstrip("/").rsplit("/", 1)[-1]
    names = (before, re.sub(r"_?(?:id|pk)$", "", field.name, flags=re.IGNORECASE))
    named = next((table for name in names for table in tables if alike(table, name)), "")
    return replace(field, table=named or (tables[0] if tables and field.kind != "string" else ""))


def _from_source(read: Read) -> list[Field]:
    fields = [Field(name, required=is_required) for name, is_required in read.body.items()]
    if read.takes_all:
        fields += [field for model in read.models.values() for field in column_fields(model)]
    return fields


def _fields_of(schema: Any, partial: bool) -> tuple[Field, ...]:
    with contextlib.suppress(Exception):  # an exotic field: nothing is known of this schema
        return schemas.schema_fields(schema, partial=partial)
    return ()


def _probed(event: Event, takes: Takes, ask: Ask, who: str) -> tuple[list[Field], list[Field]]:
    """Return the fields that schemas and parsers ask for while the route answers some bodies, and those of queries."""
    body: list[Field] = []
    query: list[Field] = []

    def parsed(argument: Any) -> None:
        (query if parsers.is_query(argument) or event.method == "GET" else body).append(parsers.parser_field(argument))

    def loaded(schema: Any, partial: bool) -> None:
        body.extend(_fields_of(schema, partial))

    params = {field.name: field.choices[0] if field.choices else _first(field) for field in takes.params}
    bodies = [{}, {"name": "probe"}] if event.method not in ("GET", "HEAD", "DELETE") else [ABSENT]
    with schemas.listening(loaded), parsers.listening(parsed):
        for one in bodies:
            ask(Step(event.event, params, one, who))
    return body, query


def _first(field: Field) -> Any:
    return {"integer": 1, "number": 1.5, "uuid": "00000000-0000-4000-8000-000000000001"}.get(field.kind, "1")


def _merged(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Keep one field of a name: that of the best source, the first where there are several."""
    found: dict[str, Field] = {}
    for field in fields:
        known = found.get(field.name)
        if known is None or SOURCES.index(field.source) < SOURCES.index(known.source):
            found[field.name] = field
    return tuple(found.values())


def _filled_in(field: Field, columns: dict[str, Field]) -> Field:
    """Add what the column of the same name knows: its table, whether it is unique, its kind."""
    column = columns.get(field.name)
    if column is None:
        return field
    if field.kind == "any":
        return replace(column, required=field.required or column.required and field.source == "column")
    longest = field.max_length if field.max_length is not None else column.max_length
    return replace(
        field, table=column.table, unique=column.unique, max_length=longest, choices=field.choices or column.choices
    )
