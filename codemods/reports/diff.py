"""The unified diff: plain for ``patch -p1`` and git, coloured for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from codemods.reports.hunks import Comparison, Piece, compare, emphasis
from codemods.reports.screen import PLAIN, Screen, visible
from codemods.results import FileResult

_COLOURS = {"+": "green", "-": "red"}
_NO_NEWLINE = "\\ No newline at end of file"
_QUOTED = re.compile(r'["\\\x00-\x1f\x7f]|[^\x00-\x7f]')


def render(results: Iterable[FileResult], screen: Screen = PLAIN) -> str:
    """Return a unified diff of the changed files; at a terminal a blank line sets off what follows it."""
    text = "".join(f"{line}\n" for result in results for line in _file(result, screen))
    return f"{text}\n" if text and screen.width else text


def _file(result: FileResult, screen: Screen) -> Iterator[str]:
    found = compare(result.before, result.after)
    names = (_name("a", result.path) if result.before else "/dev/null", _name("b", result.path))
    for mark, name in zip(("---", "+++"), names, strict=True):
        yield screen.paint(f"{mark} {name}", bold=True)
    for hunk in found.hunks:
        yield from hunk_lines(found, hunk, screen)


def hunk_lines(found: Comparison, hunk: list[Piece], screen: Screen) -> Iterator[str]:
    """Yield the lines of one hunk, its heading first."""
    first, last = hunk[0], hunk[-1]
    ranges = _range(first.start, last.end), _range(first.new_start, last.new_end)
    yield screen.paint("@@ -{} +{} @@".format(*ranges), fg="cyan")
    for piece in hunk:
        old, new = found.before[piece.start : piece.end], found.after[piece.new_start : piece.new_end]
        if piece.is_equal:
            yield from _marked(" ", old, [None] * len(old), screen)
            continue
        parts = [emphasis(*pair) for pair in zip(old, new, strict=True)] if len(old) == len(new) else []
        yield from _marked("-", old, [(part[0], part[1]) if part else None for part in parts], screen)
        yield from _marked("+", new, [(part[0], part[2]) if part else None for part in parts], screen)


def _marked(mark: str, lines: list[str], parts: list[tuple[int, int] | None], screen: Screen) -> Iterator[str]:
    for index, line in enumerate(lines):
        text = line.removesuffix("\n")
        yield (
            _painted(mark, text, parts[index] if index < len(parts) else None, screen) if screen.width else mark + text
        )
        if text == line:
            yield _NO_NEWLINE


def _painted(mark: str, text: str, part: tuple[int, int] | None, screen: Screen) -> str:
    """Return a line for a terminal, in which control characters are shown and not sent."""
    start, end = part or (len(text), len(text))
    text = text.removesuffix("\r")
    pieces = [visible(one) for one in (text[:start], text[start:end], text[end:])]
    colour = _COLOURS.get(mark)
    return "".join(
        [
            screen.paint(mark + pieces[0], fg=colour),
            screen.paint(pieces[1], fg=colour, bold=True, underline=True),
            screen.paint(pieces[2], fg=colour),
        ]
    )


def _range(start: int, end: int) -> str:
    """Return a range as the format has it: counted from 1, the line before where it is empty."""
    count = end - start
    if count == 1:
        return str(start + 1)
    return f"{start + 1 if count else start},{count}"


def _name(side: str, path: str) -> str:
    """Return a file name as git writes it: quoted where it has odd characters, ended by a tab where it has spaces."""
    name = f"{side}/{path}"
    if _QUOTED.search(name):
        octal = "".join(_octal(byte) for byte in name.encode("utf-8", "surrogateescape"))
        return f'"{octal}"'
    return f"{name}\t" if " " in name else name


def _octal(byte: int) -> str:
    character = chr(byte)
    if character in '"\\':
        return f"\\{character}"
    return character if 0x20 <= byte < 0x7F else f"\\{byte:03o}"
