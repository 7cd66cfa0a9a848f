"""What a rewrite hands back: edits, sites and files, all of them values."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

REWRITTEN = "rewritten"
LEFT = "left"
EXTERNAL = "external"
SAFE = "safe"
LIKELY = "likely"


class Edit(Struct, frozen=True):
    """The bytes from ``start`` up to ``end`` become ``text``."""

    start: int
    end: int
    text: bytes


def apply(data: bytes, edits: list[Edit]) -> bytes:
    """Return the bytes with the edits, which do not overlap, made."""
    pieces = []
    end = 0
    for edit in edits:
        pieces += [data[end : edit.start], edit.text]
        end = edit.end
    return b"".join([*pieces, data[end:]])


class Site(Struct, frozen=True):
    """One call site: what became of it and why. Line and column count from 1, the column in characters."""

    file: str
    line: int
    column: int
    outcome: str
    reason: str = ""
    message: str = ""
    rule: str = ""
    confidence: str = ""
    method: str = ""
    url: str = ""
    event: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the row as the JSON report writes it."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "rule": self.rule,
            "outcome": self.outcome,
            "reason": self.reason,
            "message": self.message,
            "confidence": self.confidence,
            "method": self.method,
            "url": self.url,
            "event": self.event,
        }

    @property
    def place(self) -> tuple[int, int]:
        """Line and column."""
        return self.line, self.column

    def left(self, reason: str, message: str) -> Site:
        """Return this site as one that is left alone."""
        return replace(self, outcome=LEFT, reason=reason, message=message, confidence="")


class Advice(Struct, frozen=True):
    """Something of the code that was kept as it is and that its author may want to change; counted as a Site's is."""

    file: str
    line: int
    column: int
    code: str
    message: str

    def to_dict(self) -> dict[str, Any]:
        """Return the row as the JSON report writes it."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "message": self.message,
        }


class FileResult(Struct, frozen=True):
    """One file before and after, with a row for each of its call sites."""

    path: str
    before: bytes
    after: bytes
    sites: tuple[Site, ...] = ()
    unparsable: str = ""
    advice: tuple[Advice, ...] = ()

    @property
    def is_changed(self) -> bool:
        """True when the file would be written."""
        return self.before != self.after

    @property
    def urls(self) -> list[str]:
        """The URLs of its rewritten calls."""
        return [site.url for site in self.sites if site.outcome == REWRITTEN]


class Left(Exception):  # noqa: N818 - not an error: a call site that is left alone, and why
    """Ends the work on one call site; ``reason`` is a code of ``reasons.py``."""

    def __init__(self, reason: str, message: str, outcome: str = LEFT) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.outcome = outcome
