"""What a report is shown on: a terminal with a width and perhaps colours, or a file that gets plain lines."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Any

import click
from msgspec import Struct


class Screen(Struct, frozen=True):
    """A terminal of so many columns; ``width`` is 0 for a file or a pipe."""

    width: int = 0
    is_coloured: bool = False

    def paint(self, text: str, **style: Any) -> str:
        """Return text in a style of ``click.style``, or as it is where there are no colours."""
        return click.style(text, **style) if self.is_coloured and text else text


PLAIN = Screen()


def stdout_screen() -> Screen:
    """Return what stdout is; NO_COLOR (no-color.org) and a dumb terminal turn colours off."""
    if not sys.stdout.isatty():
        return PLAIN
    is_plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return Screen(shutil.get_terminal_size().columns, not is_plain)


def visible(text: str) -> str:
    """Return text in which control characters, bidirectional marks and undecodable bytes are shown as escapes.

    A file name or a piece of code must not move the cursor, break a line or reverse the reading order.
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one == "\t" else _escape(one) for one in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
