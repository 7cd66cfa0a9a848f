"""Finds the script blocks of a Vue component, and blanks out everything around them.

Bytes keep their places, so that edits made for the blanked text fit the file. The reading of tags is that of
Vue's own parser: a plain ``<template>`` nests, every other block is raw text up to its closing tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

ENDING = ".vue"
_TAG = re.compile(rb"""<!--.*?(?:-->|\Z)|<(/?)([A-Za-z][^\s/>"'<]*)((?:"[^"]*"|'[^']*'|[^<>"'])*+)>""", re.DOTALL)
_ATTRIBUTE = re.compile(rb"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_LANGUAGES = {
    "": ".js",
    "js": ".js",
    "javascript": ".js",
    "jsx": ".jsx",
    "ts": ".ts",
    "typescript": ".ts",
    "tsx": ".tsx",
}
_BLANK = re.compile(rb"[^\r\n]")
_EXPRESSION = re.compile(
    rb"""(?<=\s)(?:[@:#]|v-|on(?=[a-z]))[^\s"'<>/=]*+\s*+=\s*+(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')"""
    rb"""|\{\{(?P<text>(?:(?!\{\{|\}\}).)*+)\}\}""",
    re.DOTALL,
)
_FETCH = re.compile(rb"(?<![\w$.-])(?:window\.)?(fetch)\s*\(")


class Block(Struct, frozen=True):
    """The contents of one top-level element, from ``start`` up to ``end``; ``ending`` chooses the grammar of a script.

    ``ending`` is "" for a language that is not read.
    """

    name: str
    start: int
    end: int
    ending: str = ""


def blocks(data: bytes) -> Iterator[Block]:
    """Yield the top-level elements of a Vue file, in order."""
    at = 0
    while (opening := _TAG.search(data, at)) is not None:
        at = opening.end()
        is_empty = opening[2] is None or opening[1] or opening[3].endswith(b"/")
        if is_empty:
            continue
        name, given = opening[2].decode().lower(), _attributes(opening[3])
        is_nesting = name == "template" and given.get("lang", "html") in {"", "html"}
        end = _nested_end(data, at) if is_nesting else _raw_end(data, at, opening[2])
        yield Block(name, at, end, _LANGUAGES.get(given.get("lang", ""), "") if name == "script" else "")
        at = end


def scripts(data: bytes) -> tuple[Block, ...]:
    """Return the script blocks of a Vue file that are in a language that is read."""
    return tuple(one for one in blocks(data) if one.name == "script" and one.ending)


def blanked(data: bytes, kept: tuple[Block, ...]) -> bytes:
    """Return a file of the same length with blanks for all but some blocks, line breaks staying.

    A block ends with ``{}``, so that its last statement does not run on into the next.
    """
    parts: list[bytes] = []
    at = 0
    for block in kept:
        between = _BLANK.sub(b" ", data[at : block.start])
        parts += [b"\n{}" + between[3:] if parts else between, data[block.start : block.end]]
        at = block.end
    return b"".join([*parts, _BLANK.sub(b" ", data[at:])])


def template_calls(data: bytes) -> Iterator[int]:
    """Yield where an expression of a template calls ``fetch``, as far as its text tells."""
    for block in blocks(data):
        for found in _EXPRESSION.finditer(data, block.start, block.end) if block.name == "template" else ():
            group = found.lastgroup
            assert group is not None
            yield from (call.start(1) for call in _FETCH.finditer(data, *found.span(group)))


def has_foreign_script(data: bytes) -> bool:
    """True for a Vue file with a script in a language that is not read."""
    return any(one.name == "script" and not one.ending for one in blocks(data))


def _attributes(text: bytes) -> dict[str, str]:
    found = _ATTRIBUTE.finditer(text)
    return {one[1].decode().lower(): (one[2] or one[3] or one[4] or b"").decode() for one in found}


def _raw_end(data: bytes, at: int, name: bytes) -> int:
    closing = re.compile(rb"</" + re.escape(name) + rb"(?=[\s/>])", re.IGNORECASE).search(data, at)
    return closing.start() if closing is not None else len(data)


def _nested_end(data: bytes, at: int) -> int:
    depth = 1
    for tag in _TAG.finditer(data, at):
        if tag[2] is None or tag[2].lower() != b"template" or tag[3].endswith(b"/"):
            continue
        depth += -1 if tag[1] else 1
        if depth == 0:
            return tag.start()
    return len(data)
