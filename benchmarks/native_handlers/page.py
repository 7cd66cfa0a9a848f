"""Writes docs/native-handlers-proof.md."""

from __future__ import annotations

from benchmarks.native_handlers.verdict import HEADINGS, Verdict, totals


def page(verdicts: list[Verdict]) -> str:
    """Return the page."""
    return "\n".join("| " + " | ".join(one.cells()) + " |" for one in [*verdicts, totals(verdicts)]) + str(HEADINGS)
