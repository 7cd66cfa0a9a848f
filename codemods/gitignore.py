"""Says which paths git ignores, from the text of ``.gitignore`` files and without calling git.

Own code, tested beside git itself: importing the library for it takes a quarter of the time that the command may
take to start (docs/benchmarks-codemods.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

_TOKEN = re.compile(r"(?<![^/])\*\*/|(?<![^/])\*\*$|\*+|\?|\[[!^]?\]?(?:\\.|[^]\\])*\]|\\.|[^*?[\\]+|.", re.DOTALL)
_NEVER = re.compile(r"(?!)")


class _Line(Struct, frozen=True):
    """One pattern; without a slash in it, it is about names at any depth."""

    regex: re.Pattern[str]
    is_name: bool
    is_negated: bool
    is_for_folders: bool


class Patterns(Struct, frozen=True):
    """The patterns of one file, for paths below ``folder``; ``names`` and ``paths`` match what any of them does."""

    folder: str
    lines: tuple[_Line, ...]
    names: re.Pattern[str]
    paths: re.Pattern[str]

    def verdict(self, path: str, name: str, *, is_folder: bool) -> bool | None:
        """Return True for a path that is ignored, False for one taken back by ``!``, None where nothing is said."""
        relative = path[len(self.folder) + 1 :]
        if self.names.fullmatch(name) is None and self.paths.fullmatch(relative) is None:
            return None
        for line in self.lines:  # the last one of the file comes first
            if (is_folder or not line.is_for_folders) and line.regex.fullmatch(name if line.is_name else relative):
                return not line.is_negated
        return None


def patterns(folder: str, lines: Iterable[str]) -> Patterns:
    """Return the patterns that stand in a file of ``folder``, an absolute path with forward slashes."""
    read = tuple(_read(lines))[::-1]
    return Patterns(
        folder.rstrip("/"),
        read,
        _any_of(line.regex.pattern for line in read if line.is_name),
        _any_of(line.regex.pattern for line in read if not line.is_name),
    )


def is_ignored(chain: Iterable[Patterns], path: str, name: str, *, is_folder: bool) -> bool:
    """True where the first of the pattern files that says something, the innermost one, says so."""
    for one in chain:
        verdict = one.verdict(path, name, is_folder=is_folder)
        if verdict is not None:
            return verdict
    return False


def _any_of(regexes: Iterable[str]) -> re.Pattern[str]:
    joined = "|".join(regexes)
    return re.compile(joined, re.DOTALL) if joined else _NEVER


def _read(lines: Iterable[str]) -> Iterator[_Line]:
    for raw in lines:
        text = re.sub(r"(?<!\\) +$", "", raw.rstrip("\r\n"))
        if not text or text.startswith("#"):
            continue
        is_negated = text.startswith("!")
        text = text.removeprefix("!")
        body = text.removesuffix("/")
        try:
            regex = re.compile(_TOKEN.sub(_piece, body.removeprefix("/")), re.DOTALL)
        except re.error:  # git takes no notice of such a line either
            continue
        yield _Line(regex, "/" not in body, is_negated, text.endswith("/"))


def _piece(found: re.Match[str]) -> str:
    """Return the regular expression for one piece of a pattern."""
    text = found[0]
    if text == "**/":
        return "(?:.*/)?"
    if text == "**" and found.end() == len(found.string):
        return ".+" if found.start() else ".*"
    if text[0] == "*":
        return "[^/]*"
    if text == "?":
        return "[^/]"
    if text[0] == "[" and len(text) > 1:
        return _class(text[1:-1])
    return re.escape(text[1:] if text[0] == "\\" and len(text) > 1 else text)


def _class(inside: str) -> str:
    is_negated = inside[:1] in {"!", "^"}
    members = re.sub(r"([\[\]&~|^])", r"\\\1", inside[1:] if is_negated else inside)
    return f"(?!/)[{'^' if is_negated else ''}{members}]"
