"""Lets somebody choose what is rewritten, call by call: all edits of a call are taken together or not at all.

What is shown for a call is what it adds to what was taken before it, so imports come with the first call that needs
them. This module decides what to ask and what follows; how it looks is up to the one who asks.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from codemods import reasons
from codemods.reports.hunks import compare
from codemods.results import REWRITTEN, FileResult, Site
from codemods.run import Run

YES, NO, ALL, QUIT, EDIT = "y", "n", "a", "q", "e"
_Place = tuple[int, int]
_IMPORT = re.compile(r"\s*(?:import|from)\b|.*\brequire\(|\s*$")


class Change(Struct, frozen=True):
    """What is asked about: files before and after, and the calls that this rewrites."""

    files: tuple[FileResult, ...]
    sites: tuple[Site, ...]

    @property
    def can_be_edited(self) -> bool:
        """True for one call; files or calls that go together are taken as they are."""
        return len(self.files) == 1 and len(self.sites) == 1


class Asker(Protocol):
    """Somebody who answers."""

    def answer(self, change: Change) -> str:
        """Return one of YES, NO, ALL, QUIT, and EDIT where the change can be edited."""

    def edit(self, text: str, name: str) -> str | None:
        """Return the new text of some lines, or None to be asked again."""

    def refuse(self, message: str) -> None:
        """Be told why an edited text is not taken."""


class Engine(Protocol):
    """What rewrites a file."""

    noun: str

    def rewrite(self, data: bytes, name: str, chosen: frozenset[_Place]) -> FileResult:
        """Rewrite what stands at these places of a file."""

    def errors(self, data: bytes, name: str) -> int:
        """Count what does not parse."""

    def finished(self, run: Run) -> Run:
        """Return a run with those added files and next steps that its changes need."""


class _Quit(Exception):  # noqa: N818 - not an error: no more questions
    """No to this call and to all that follow."""


def choose(run: Run, engine: Engine, asker: Asker) -> Run:
    """Return a run with only those changes that were said yes to."""
    chosen = {one.path: _refused(one, engine.noun) if one.is_changed else one for one in run.results}
    with contextlib.suppress(_Quit):
        for group in _groups(run):
            if len(group) == 1 and not any(group[0].path in one for one in run.together):
                for answered in _File(group[0], engine, asker).results():
                    chosen[answered.path] = answered
            elif _yes(asker, Change(tuple(group), _rewritten(group))):
                chosen |= {one.path: one for one in group}
    return engine.finished(replace(run, results=tuple(chosen[one.path] for one in run.results)))


def _groups(run: Run) -> Iterator[list[FileResult]]:
    """Yield the changed files, in order; those that go together at the place of the first of them."""
    changed = {one.path: one for one in run.results if one.is_changed}
    seen: set[str] = set()
    for path in changed:
        if path not in seen:
            together = _together(path, run.together)
            seen |= together
            yield [changed[one] for one in changed if one in together]


def _together(path: str, groups: Iterable[frozenset[str]]) -> set[str]:
    found = {path}
    size = 0
    while len(found) != size:
        size = len(found)
        found = found.union(*(group for group in groups if group & found))
    return found


def _rewritten(results: Iterable[FileResult]) -> tuple[Site, ...]:
    return tuple(site for one in results for site in one.sites if site.outcome == REWRITTEN)


def _yes(asker: Asker, change: Change) -> bool:
    answer = asker.answer(change)
    if answer == QUIT:
        raise _Quit
    return answer in {YES, ALL}


def _refused(result: FileResult, noun: str) -> FileResult:
    sites = [_no(site, noun) if site.outcome == REWRITTEN else site for site in result.sites]
    return replace(result, after=result.before, sites=tuple(sites))


def _no(site: Site, noun: str) -> Site:
    return site.left(reasons.REFUSED, f"You said no to rewriting this {noun}.")


# ---- one file ---------------------------------------------------------------------------------


class _File:
    """The questions about one file.

    ``data`` is what the calls that were not asked about yet stand in: the original, or what an edit by hand made of
    it; ``places`` tells where they stand there, by the number of their row.
    """

    def __init__(self, result: FileResult, engine: Engine, asker: Asker) -> None:
        self.result = result
        self.engine = engine
        self.asker = asker
        self.data = result.before
        self.taken: frozenset[_Place] = frozenset()
        self.rows = list(result.sites)
        self.places = {number: site.place for number, site in enumerate(self.rows)}

    def results(self) -> Iterator[FileResult]:
        """Yield the file as it is after each answer, so that quitting keeps what was taken."""
        asked = [number for number, site in enumerate(self.rows) if site.outcome == REWRITTEN]
        while asked:
            number = asked.pop(0)
            if number not in self.places:
                continue  # It stood in lines that were edited by hand.
            answer = self._ask(number)
            if answer == QUIT:
                raise _Quit
            if answer in {YES, ALL}:
                self.taken |= {self.places[number]}
            while answer == ALL and asked:
                self.taken |= {self.places[asked.pop(0)]}
            yield self._now()

    def _with(self, places: frozenset[_Place]) -> FileResult:
        return self.engine.rewrite(self.data, self.result.path, places)

    def _now(self) -> FileResult:
        now = self._with(self.taken)
        found = {site.place: site for site in now.sites}
        for number, place in self.places.items():
            if place in found:
                line, column = self.result.sites[number].place
                self.rows[number] = replace(found[place], line=line, column=column)
        return replace(self.result, after=now.after, sites=tuple(self.rows))

    def _ask(self, number: int) -> str:
        """Ask about one call. One that goes with another, or that is nothing without it, needs no question."""
        before, after = self._with(self.taken), self._with(self.taken | {self.places[number]})
        site = next((one for one in after.sites if one.place == self.places[number]), None)
        if site is None or site.outcome != REWRITTEN or before.after == after.after:
            return NO
        line, column = self.result.sites[number].place
        shown = replace(self.result, before=before.after, after=after.after)
        change = Change((shown,), (replace(site, line=line, column=column),))
        answer = self.asker.answer(change)
        while answer == EDIT and not self._edit(number, shown):
            answer = self.asker.answer(change)
        return answer

    def _edit(self, number: int, shown: FileResult) -> bool:
        """Let the new lines be edited and go on from there; False if they are to be asked about again."""
        lines, start, end = _new_lines(shown)
        text = "".join(lines[start:end])
        edited = self.asker.edit(text.replace("\r\n", "\n"), self.result.path)
        if edited is None:
            return False
        if "\r\n" in text:
            edited = edited.replace("\n", "\r\n")
        data = "".join([*lines[:start], edited, *lines[end:]]).encode()
        if self.engine.errors(data, self.result.path) > self.engine.errors(shown.after, self.result.path):
            self.asker.refuse("The edited text does not parse.")
            return False
        self.taken |= {self.places[number]}
        self._now()
        self._go_on_from(data, number, start + edited.count("\n"))
        return True

    def _go_on_from(self, data: bytes, number: int, last_line: int) -> None:
        """Take an edited text for the original; the calls below the edited lines are those that are still to come."""
        self.data, self.taken = data, frozenset()
        below = [site.place for site in self._with(self.taken).sites if site.line > last_line]
        later = [one for one in self.places if one > number]
        count = min(len(below), len(later))
        self.places = dict(zip(later[len(later) - count :], below[len(below) - count :], strict=True))


def _new_lines(shown: FileResult) -> tuple[list[str], int, int]:
    """Return the lines of a changed file, and from where to where they are new, imports aside."""
    found = compare(shown.before, shown.after)
    new = [line for one in found.changes for line in range(one.new_start, one.new_end)]
    inner = [line for line in new if _IMPORT.match(found.after[line]) is None] or new
    return found.after, inner[0], inner[-1] + 1
