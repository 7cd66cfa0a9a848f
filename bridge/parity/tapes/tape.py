"""A tape: one JSON line for each call that an app was sent, after a line that says which form it has.

Lines are added as calls are answered, each in one piece, so that the file is readable whenever its recorder ends.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from bridge.errors import BridgeError
from bridge.parity.steps import ABSENT

VERSION = 1
HEADER = json.dumps({"tape": "fetch2socket", "version": VERSION})

#: A path within an answer, and the value there.
Found = tuple[tuple[str | int, ...], Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One call as it was recorded, without credentials.

    ``run`` tells recordings in one file apart: ``number`` (the order in which calls came), ``who`` (a browser, 0 for
    nobody) and placeholders mean something within one run only. ``found`` are those values of the answer that later
    calls may need: ids and placeholders, each with its path.
    """

    run: str
    number: int
    who: int
    event: str
    method: str
    rule: str
    status: int
    params: Mapping[str, Any] = field(default_factory=dict)
    body: Any = ABSENT
    headers: Mapping[str, str] = field(default_factory=dict)
    found: tuple[Found, ...] = ()

    @property
    def ok(self) -> bool:
        """True for 200 to 299."""
        return 200 <= self.status <= 299

    def to_line(self) -> str:
        """Return it as a tape has it, without a line's end; what is empty is left out."""
        row: dict[str, Any] = {name: getattr(self, name) for name in _ALWAYS}
        row |= {name: value for name in ("params", "headers") if (value := dict(getattr(self, name)))}
        if self.body is not ABSENT:
            row["body"] = self.body
        if self.found:
            row["found"] = self.found
        return json.dumps(row, separators=(",", ":"))

    @classmethod
    def from_row(cls, row: Any) -> Self:
        """Read what ``to_line`` wrote; raises ValueError that says what is wrong with it."""
        if not isinstance(row, dict):
            msg = "is no JSON object"
            raise ValueError(msg)
        for name, kind in _ALWAYS.items():
            if type(row.get(name)) is not kind:
                msg = f"has no {name!r}" if name not in row else f"has {name!r} that is no {kind.__name__}"
                raise ValueError(msg)
        rest = {name: row[name] for name in ("params", "headers") if name in row}
        if not all(isinstance(value, dict) for value in rest.values()):
            msg = "has params or headers that are no object"
            raise ValueError(msg)
        return cls(
            **{name: row[name] for name in _ALWAYS},
            **rest,
            body=row.get("body", ABSENT),
            found=_found(row.get("found")),
        )


_ALWAYS = {"run": str, "number": int, "who": int, "event": str, "method": str, "rule": str, "status": int}


def _found(rows: Any) -> tuple[Found, ...]:
    try:
        return tuple((tuple(path), value) for path, value in rows or ())
    except (TypeError, ValueError):
        msg = "has 'found' that is no list of [path, value]"
        raise ValueError(msg) from None


@dataclass(frozen=True, slots=True)
class Tape:
    """The calls of a tape in the order of its lines, and a sentence for each line that could not be read."""

    calls: tuple[Recorded, ...]
    problems: tuple[str, ...] = ()


def read_tape(path: Path | str) -> Tape:
    """Read a tape; raises BridgeError for a file that is none, or one of another version.

    A half line at the end is passed over without a word: its recorder was ended while it wrote.
    """
    path = Path(path)
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        msg = f"cannot read the tape {path}: {error.strerror}"
        raise BridgeError(msg) from error
    check_header(path, lines[0], is_whole=len(lines) > 1)
    calls: list[Recorded] = []
    problems: list[str] = []
    for number, line in enumerate(lines[1:], 2):
        try:
            calls.append(Recorded.from_row(json.loads(line)))
        except (ValueError, RecursionError) as error:  # also where bytes are no UTF-8
            is_json = not isinstance(error, json.JSONDecodeError | UnicodeDecodeError | RecursionError)
            if number < len(lines):
                problems.append(f"{path}, line {number}: {error if is_json else 'is no JSON'}")
    return Tape(tuple(calls), tuple(problems))


def check_header(path: Path, line: bytes, *, is_whole: bool) -> None:
    """Raise BridgeError unless the first line of a file is that of a tape which this version can read."""
    if not is_whole and HEADER.encode().startswith(line):
        return  # its recorder was ended before it had written anything
    try:
        header = json.loads(line)
    except ValueError:
        header = None
    if not isinstance(header, dict) or header.get("tape") != "fetch2socket":
        msg = f"{path} is no tape: record one with `fetch2socket parity record module:app -o {path.name}`"
        raise BridgeError(msg)
    if header.get("version") != VERSION:
        msg = f"{path}: tapes of version {header.get('version')} cannot be read, only {VERSION}: record it again"
        raise BridgeError(msg)
