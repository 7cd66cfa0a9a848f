"""One call or method, explained: what ``fetch2socket explain`` shows, whatever it was found by."""

from __future__ import annotations

from msgspec import Struct

from codemods.reports.hunks import Comparison, Piece
from codemods.results import Site


class Step(Struct, frozen=True):
    """One thing that is known of a call: what it is about, and a line on it."""

    label: str
    text: str


class Explanation(Struct, frozen=True):
    """One call: its row, its line of code, what was found out, and the changes of its file that concern it."""

    site: Site
    code: str
    steps: tuple[Step, ...]
    found: Comparison
    hunks: tuple[list[Piece], ...]
