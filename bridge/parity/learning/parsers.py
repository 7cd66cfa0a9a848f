"""What ``reqparse`` asks for in which route, heard by listening to ``parse_args`` while routes are probed."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bridge.parity.takes import Field, Kind

_KINDS: dict[Any, Kind] = {
    int: "integer",
    float: "number",
    bool: "boolean",
    str: "string",
    list: "list",
    dict: "object",
    datetime.date: "date",
    datetime.datetime: "datetime",
}


@contextmanager
def listening(heard: Callable[[Any], None]) -> Iterator[None]:
    """Call ``heard(argument)`` for each argument that is parsed meanwhile; without Flask-RESTful none is."""
    reqparse: Any = sys.modules.get("flask_restful.reqparse")
    if reqparse is None:
        yield
        return
    original = reqparse.RequestParser.parse_args

    def parse_args(self: Any, *args: Any, **kwargs: Any) -> Any:
        for argument in self.args:
            heard(argument)
        return original(self, *args, **kwargs)

    reqparse.RequestParser.parse_args = parse_args
    try:
        yield
    finally:
        reqparse.RequestParser.parse_args = original


def is_query(argument: Any) -> bool:
    """True for an argument that is read from the query alone."""
    return argument.location in ("args", ["args"], ("args",))


def parser_field(argument: Any) -> Field:
    """Return an argument as a field; headers and files are text as well as anything else."""
    kind: Kind = _KINDS.get(argument.type, "string")
    field = Field(
        argument.name,
        kind,
        required=bool(argument.required),
        nullable=bool(argument.nullable),
        choices=tuple(argument.choices or ()),
        source="parser",
    )
    is_list = argument.action == "append"
    return Field(argument.name, "list", required=field.required, items=field, source="parser") if is_list else field
