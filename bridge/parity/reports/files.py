"""Where reports go: ``--report json:parity.json``. The only module here that touches the disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bridge.errors import BridgeError
from bridge.parity.reports import FORMATS, render
from bridge.parity.reports.json_report import read

if TYPE_CHECKING:
    from bridge.parity.result import Result


@dataclass(frozen=True, slots=True)
class Target:
    """A format and the file that gets it."""

    form: str
    path: Path

    @classmethod
    def parsed(cls, text: str) -> Self:
        """Read ``html:parity.html``; a drive letter or a colon in the name does no harm."""
        form, colon, name = text.partition(":")
        if form not in FORMATS or not colon or not name:
            forms = ", ".join(f"{one}:FILE" for one in FORMATS)
            message = f"{text!r} is no report: give one of {forms}."
            raise BridgeError(message)
        return cls(form, Path(name))


def write(result: Result, target: Target) -> None:
    """Write a report; folders that are missing are made."""
    target.path.parent.mkdir(parents=True, exist_ok=True)
    target.path.write_text(render(result, target.form), encoding="utf-8")


def load(path: Path) -> Result:
    """Return the run whose JSON report a file holds."""
    try:
        return read(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}): parity writes it with --report json:{path}."
        raise BridgeError(message) from error
