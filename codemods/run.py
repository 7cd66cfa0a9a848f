"""What a run over folders found, whichever command it was: a result for each file, and what is left to do by hand."""

from __future__ import annotations

import os
from collections.abc import Callable

from msgspec import Struct

from codemods.results import Advice, FileResult, Site

Tick = Callable[[int, int], None]
"""Is told how many files are done, and of how many."""


class Run(Struct, frozen=True):
    """What a run found: a result for each file that was read, the files to add, and what is left to do by hand.

    ``together`` are sets of paths of which all or none must be written: a helper and its callers in other files.
    ``noun`` is what a call site is called where people read of it.
    """

    results: tuple[FileResult, ...]
    added: tuple[FileResult, ...] = ()
    steps: tuple[str, ...] = ()
    together: tuple[frozenset[str], ...] = ()
    noun: str = "call"

    @property
    def sites(self) -> list[Site]:
        """The rows of all files."""
        return [site for result in self.results for site in result.sites]

    @property
    def advice(self) -> list[Advice]:
        """What is worth knowing about code that was kept as it is, of all files."""
        return [one for result in self.results for one in result.advice]

    @property
    def changed(self) -> list[FileResult]:
        """All files that would be written."""
        return [one for one in (*self.results, *self.added) if one.is_changed]

    @property
    def unparsable(self) -> list[dict[str, str]]:
        """The files that could not be read or parsed whole, and why."""
        return [{"file": one.path, "reason": one.unparsable} for one in self.results if one.unparsable]


def current_folder() -> str:
    """Return what the paths of all files below the current folder start with."""
    return f"{os.getcwd().replace(os.sep, '/').rstrip('/')}/"


def shown(path: str, start: str = "") -> str:
    """Return a path as reports show it: from the current folder, or ``start``, if it is below that."""
    name = path.removeprefix(start or current_folder())
    return name if name.isascii() else name.encode(errors="replace").decode()
