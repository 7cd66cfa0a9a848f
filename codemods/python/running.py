"""Runs a rewrite over Python files: finds them, passes over those without a word that matters, keeps failures apart."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bridge.errors import BridgeError
from codemods import reasons
from codemods.discovery import Script, scripts, why_by_content
from codemods.files import contents
from codemods.results import LEFT, FileResult, Site
from codemods.run import Run, Tick, shown

if TYPE_CHECKING:
    from codemods.gitignore import Patterns

Place = tuple[int, int]


class Rewriter(Protocol):
    """A rewrite of Python files: text in, results out."""

    noun: str
    """What one of its sites is called where people read of it."""

    def is_of_interest(self, data: bytes) -> bool:
        """Tell by the bytes alone, and fast, whether there may be anything to look at in a file."""

    def rewrite(self, data: bytes, name: str, chosen: frozenset[Place] | None = None) -> FileResult:
        """Rewrite a file: everything, or only what stands at the places that somebody chose."""

    def finished(self, run: Run) -> Run:
        """Return a run with the files to add and the next steps that its changes need."""


def run(
    paths: Iterable[Path],
    rewriter: Rewriter,
    exclude: tuple[Patterns, ...] = (),
    tick: Tick = lambda done, total: None,
) -> Run:
    """Rewrite every Python file below the paths in memory; nothing is written."""
    found = list(_scripts(paths, exclude))
    results = []
    for number, script in enumerate(found):
        tick(number, len(found))
        results.append(_result(script, rewriter))
    tick(len(found), len(found))
    return rewriter.finished(Run(tuple(results), noun=rewriter.noun))


def _scripts(paths: Iterable[Path], exclude: tuple[Patterns, ...]) -> Iterator[Script]:
    seen: set[str] = set()
    for path in paths:
        absolute = path.absolute().as_posix()
        # A file that is named is read, also where a walk would pass over it.
        for script in scripts(absolute, exclude, (".py",)) if os.path.isdir(absolute) else [Script(absolute)]:
            if script.path not in seen:
                seen.add(script.path)
                yield script


def _result(script: Script, rewriter: Rewriter) -> FileResult:
    """Rewrite one file; whatever goes wrong in it is a finding and leaves the others alone."""
    name = shown(script.path)
    try:
        data = contents(script.path)
    except OSError as error:
        return FileResult(name, b"", b"", (), script.passed_over or f"cannot be read: {error.strerror}")
    if not rewriter.is_of_interest(data):
        return FileResult(name, b"", b"")
    passed_over = script.passed_over or why_by_content(data)
    if passed_over:
        return FileResult(name, b"", b"", (), passed_over)
    try:
        return rewriter.rewrite(data, name)
    except BridgeError:
        raise  # There is no app to rewrite for, which is said once.
    except RecursionError:
        return FileResult(name, data, data, (), "is nested too deeply")
    except Exception as error:
        msg = f"fetch2socket failed on this file ({type(error).__name__}: {error}); please report it."
        return FileResult(name, b"", b"", (Site(name, 1, 1, LEFT, reasons.INTERNAL_ERROR, msg),), "failed inside")
