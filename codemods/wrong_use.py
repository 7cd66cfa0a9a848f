"""Wrong use of the command line: one line on stderr and exit code 2, never a traceback."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

import click


class WrongUse(click.ClickException):
    """One line on stderr and exit code 2."""

    exit_code = 2


def wrong(message: str) -> NoReturn:
    """End the command with a line that says what is wrong; odd characters of file names are shown as escapes."""
    from codemods.reports.screen import visible

    raise WrongUse(visible(message))


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ``; the nearest is X`` for the known word that is most like one, or nothing."""
    from difflib import get_close_matches  # Loaded by those who mistype.

    found = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; the nearest is {found[0]}" if found else ""
