"""A URL as client code writes it: constant text and holes that are filled at run time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct


class Text(Struct, frozen=True):
    """Constant characters."""

    value: str


class Hole(Struct, frozen=True):
    """An expression; ``code`` is its source, without the ``encodeURIComponent`` that was around it."""

    code: str
    is_encoded: bool = False
    is_plain: bool = True


class Unknown(Struct, frozen=True):
    """A constant that could not be resolved, by name."""

    name: str


SPREAD = "..."
"""The key of a query string that stands for all keys of an object."""

Part = Text | Hole | Unknown
Parts = tuple[Part, ...]


def join(parts: Iterable[Part]) -> Parts:
    """Return the parts with neighbouring texts in one and empty texts gone."""
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].value + part.value)
        elif part != Text(""):
            joined.append(part)
    return tuple(joined)


def leading_text(parts: Parts) -> str:
    """Return the constant text that a URL starts with."""
    return parts[0].value if parts and isinstance(parts[0], Text) else ""


def cut(parts: Parts, count: int) -> Parts:
    """Return the parts without the first ``count`` characters of their leading text."""
    if not leading_text(parts):
        return parts
    return join((Text(leading_text(parts)[count:]), *parts[1:]))


def split(parts: Parts, mark: str) -> tuple[Parts, Parts | None]:
    """Split at the first ``mark`` in a text; the second half is None where there is none."""
    for index, part in enumerate(parts):
        if isinstance(part, Text) and mark in part.value:
            before, after = part.value.split(mark, 1)
            return join((*parts[:index], Text(before))), join((Text(after), *parts[index + 1 :]))
    return parts, None


def split_all(parts: Parts, mark: str) -> Iterator[Parts]:
    """Yield what stands between all marks."""
    rest: Parts | None = parts
    while rest is not None:
        head, rest = split(rest, mark)
        yield head


def show(parts: Parts) -> str:
    """Return a URL for reports, holes in braces."""
    return "".join(_show(part) for part in parts)


def _show(part: Part) -> str:
    if isinstance(part, Text):
        return part.value
    return f"${{{part.code if isinstance(part, Hole) else part.name}}}"
