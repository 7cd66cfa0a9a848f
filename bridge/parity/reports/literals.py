"""Python source of a value, laid out as ``ruff format`` lays it out: on one line where it fits, else an item a line.

An item a line ends with a comma each, which ruff leaves as it is, however long the lines of a project are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bridge.parity.steps import ABSENT, Earlier, Step

_LINE = 88
_RUN = 40
"""Characters from which a string of one character is written as a product."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a name, and what is between its brackets; a list is one that has none."""

    start: str
    items: tuple[tuple[str, Any], ...]
    end: str


def literal(value: Any, indent: int = 0, before: int = 0, after: int = 0) -> str:
    """Return source for a value; ``before`` and ``after`` are the characters beside it on its first and last line."""
    tree = _tree(value)
    flat = _flat(tree)
    if not isinstance(tree, Call) or not tree.items or indent + before + len(flat) + after <= _LINE:
        return flat
    inner = " " * (indent + 4)
    # Ruff adds no comma after the only argument of a call, where that is a list of its own.
    comma = "" if tree.start == "parity.play(" else ","
    lines = [f"{inner}{name}{literal(item, indent + 4, len(name), len(comma))}{comma}" for name, item in tree.items]
    return "\n".join([tree.start, *lines, " " * indent + tree.end])


def names(value: Any) -> set[str]:
    """Return the names that the source of a value uses."""
    tree = value if isinstance(value, Call) else _tree(value)
    if not isinstance(tree, Call):
        return {str(tree)} & {"ABSENT"}
    own = {tree.start.removesuffix("(")} & {"Step", "Earlier"}
    return own.union(*(names(item) for _, item in tree.items))


def text(value: str) -> str:
    """Return a string as ruff writes it: in double quotes, unless that takes more escapes."""
    if len(value) > _RUN and len(set(value)) == 1:
        return f"{text(value[0])} * {len(value)}"
    shown = repr(value)
    if shown.startswith('"') or '"' in value:
        return shown
    return f'"{shown[1:-1]}"'


def _flat(tree: Call | str) -> str:
    if isinstance(tree, str):
        return tree
    inner = ", ".join(f"{name}{_flat(_tree(item))}" for name, item in tree.items)
    is_single_tuple = tree.start == "(" and len(tree.items) == 1
    return f"{tree.start}{inner}{',' if is_single_tuple else ''}{tree.end}"


def _tree(value: Any) -> Call | str:
    """Return a value as brackets and items, or as source where it has none."""
    if isinstance(value, Call):
        return value
    if isinstance(value, Step):
        return Call("Step(", tuple(_step_items(value)), ")")
    if isinstance(value, Earlier):
        instead = [("instead=", value.instead)] if value.instead is not None else []
        return Call("Earlier(", (("", value.step), ("", value.path), *instead), ")")
    if isinstance(value, Mapping):
        return Call("{", tuple((f"{text(str(key))}: ", item) for key, item in value.items()), "}")
    if isinstance(value, list):
        return Call("[", tuple(("", item) for item in value), "]")
    return Call("(", tuple(("", item) for item in value), ")") if isinstance(value, tuple) else _scalar(value)


def _step_items(step: Step) -> list[tuple[str, Any]]:
    items: list[tuple[str, Any]] = [("", step.event)]
    items += [("", step.params)] if step.params else []
    items += [("body=", step.body)] if step.body is not ABSENT else []
    items += [("who=", step.who)] if step.who else []
    return items + ([("headers=", step.headers)] if step.headers else [])


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return repr(value).replace("e+", "e") if isinstance(value, float) else repr(value)
