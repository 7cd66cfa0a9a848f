"""What must not change in a script that is rewritten: line endings, tabs, comments, and that it parses."""

from __future__ import annotations

import difflib
from collections import Counter

from codemods.javascript.endings import ENDINGS
from codemods.javascript.parser import comments, parse, walk

CHECKED = ENDINGS


def problems(before: bytes, after: bytes, name: str) -> list[str]:
    """Return what is wrong with a rewritten script, each as the end of a sentence; none where all is well."""
    found = []
    if _errors(after, name) > _errors(before, name):
        found.append("has parse errors that it had not")
    if _ending(before) and _ending(after) != _ending(before):
        found.append("has other line endings")
    if _is_tabbed(before) and not _is_tabbed(_new_lines(before, after)):
        found.append("has new lines that are indented with spaces")
    lost = _comments(before, name) - _comments(after, name)
    if lost:
        found.append(f"lost the comment {next(iter(lost))[:40]!r}")
    return found


def _errors(data: bytes, name: str) -> int:
    return sum(node.is_error or node.is_missing for node in walk(parse(data, name).root))


def _ending(data: bytes) -> bytes:
    """Return the line ending of a file, or b"" where it has both or none."""
    crlf, lf = data.count(b"\r\n"), data.count(b"\n")
    if not lf or 0 < crlf < lf:
        return b""
    return b"\r\n" if crlf else b"\n"


def _is_tabbed(data: bytes) -> bool:
    """True when no line is indented with spaces."""
    return not any(line.startswith(b" ") for line in data.splitlines() if line.strip())


def _new_lines(before: bytes, after: bytes) -> bytes:
    lines = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    return "\n".join(line[2:] for line in lines if line.startswith("+ ")).encode()


def _comments(data: bytes, name: str) -> Counter[str]:
    """Count the comments by their words: ``//`` may become ``/* */``, and indentation may change."""
    texts = [(node.text or b"").decode() for node in comments(parse(data, name).root)]
    return Counter(" ".join(text.strip("/* \t\r\n").split()) for text in texts)
